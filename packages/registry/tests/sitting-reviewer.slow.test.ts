import type { Id } from '@recourse/protocol';
import type { TestAnswer, TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  appealCase,
  assign,
  claimCase,
  day,
  deliver,
  newCase,
  startAppealRegistry,
  takeWithKey,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const ask = (appeal: Id<'apl'>, by: TestKey = registry.parties.panel[0]): Promise<TestAnswer> =>
  registry.call(by, 'review.ask', { appeal, kind: 'question', text: 'Whose is it?' });

/** An appeal that a reviewer has with its evidence. */
async function taken(by = registry.parties.panel[0]) {
  const { id: appeal, sanction } = await appealCase(registry, await newCase(registry));
  const reviewer = await claimCase(registry, by, appeal);
  resultOf(await deliver(registry, { appeal, to: [reviewer] }));
  return { appeal, sanction };
}

/** Asks as often as the registry lets them. */
async function askOn(appeal: Id<'apl'>): Promise<[number, string | undefined]> {
  for (let asked = 0; ; asked++) {
    const answer = await ask(appeal);
    if (answer.status !== 200) return [asked, problem(answer)[1]];
  }
}

test('who sits on cases by questions keeps none of them', async () => {
  const [by, other] = registry.parties.panel;
  const kept: Id<'apl'>[] = [];
  for (let n = 0; n < 3; n++) {
    const { appeal } = await taken(by);
    resultOf(await ask(appeal));
    kept.push(appeal);
  }
  for (let days = 0; days < 72; days += 9) {
    registry.advance(9 * day);
    for (const appeal of kept) await ask(appeal);
  }
  const next: string[] = [];
  for (const _ of kept) {
    const { appeal } = resultOf(await assign(registry, other)) as { appeal: Id<'apl'> };
    await takeWithKey(registry, other, appeal);
    next.push(appeal);
  }
  expect(next.toSorted()).toEqual(kept.toSorted());
});

test('ten questions a round, three rounds, and none after day 30 of an assignment', async () => {
  const { appeal } = await taken();
  expect(await askOn(appeal)).toEqual([10, 'too-many']);
  // Until the first of them is due; on the last day of the round nothing begins.
  registry.advance(9.9 * day);
  expect(await askOn(appeal)).toEqual([0, 'too-many']);
  registry.advance(3 * day);
  expect(await askOn(appeal)).toEqual([10, 'too-many']);
  registry.advance(14 * day);
  expect(await askOn(appeal)).toEqual([10, 'too-many']);
  registry.advance(4 * day);
  expect(await askOn(appeal)).toEqual([0, 'too-late']);
});

test('who comes next has rounds of their own', async () => {
  const [by, next] = registry.parties.panel;
  const { appeal } = await taken();
  expect(await askOn(appeal)).toEqual([10, 'too-many']);
  resultOf(await registry.call(by, 'review.recuse', { appeal, why: 'workload' }));
  expect(problem(await ask(appeal))).toEqual(['not-found']);
  await claimCase(registry, next, appeal);
  resultOf(await ask(appeal, next));
});

describe('by SQL as well', () => {
  const question = (n: number, values: { round: number; slot: number; days?: number }) =>
    sql`
    insert into questions (id, appeal, sanction, holder, kind, text, asked_at, due_at, round, slot)
    select ${`qst_${String(n).padStart(26, '0')}`}, review, sanction, holder, 'question', '', at + make_interval(days => ${values.days ?? 0}),
      at, ${values.round}, ${values.slot} from assignments`.execute(registry.db);
  const checked = '23514';

  test('no fourth round, no eleventh question, and no place twice', async () => {
    await taken();
    expect(await sqlState(question(1, { round: 4, slot: 0 }))).toBe(checked);
    expect(await sqlState(question(1, { round: 1, slot: 10 }))).toBe(checked);
    expect(await sqlState(question(1, { round: 3, slot: 9 }))).toBe('accepted');
    expect(await sqlState(question(2, { round: 3, slot: 9 }))).toBe('23505');
  });

  test('nothing after day 30, and nothing of an assignment that is over', async () => {
    const { appeal } = await taken();
    expect(await sqlState(question(1, { round: 1, slot: 0, days: 31 }))).toBe(checked);
    expect(await sqlState(question(1, { round: 1, slot: 0, days: 30 }))).toBe('accepted');
    const given = { appeal, why: 'workload' } as const;
    resultOf(await registry.call(registry.parties.panel[0], 'review.recuse', given));
    expect(await sqlState(question(2, { round: 1, slot: 1 }))).toBe(checked);
    await sql`drop trigger questions_in_time on questions`.execute(registry.ownerDb);
    expect(await sqlState(question(2, { round: 1, slot: 1, days: 31 }))).toBe('accepted');
  });
});
