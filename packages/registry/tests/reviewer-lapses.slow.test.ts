import type { Id } from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  act,
  appealCase,
  assign,
  claimCase,
  day,
  decide,
  deliver,
  newCase,
  startAppealRegistry,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { report } from './report-fixture.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const appealed = async (): Promise<Id<'apl'>> =>
  (await appealCase(registry, await newCase(registry))).id;
const assigned = async (key: TestKey): Promise<Id<'apl'>> =>
  (resultOf(await assign(registry, key)) as { appeal: Id<'apl'> }).appeal;
const ask = (by: TestKey, appeal: Id<'apl'>) =>
  registry.call(by, 'review.ask', { appeal, kind: 'question', text: 'Whose is it?' });
const excuse = (admin: TestKey, { holder }: TestKey & { holder: string }) =>
  registry.call(admin, 'review.excuse', { holder: holder as Id<'hld'> });

/** A reviewer lets so many assignments lapse, one after the other. */
async function lapse(by: TestKey, times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    await appealed();
    await assigned(by);
    registry.advance(14 * day + 1);
  }
}

test('an assignment is 44 days old at most, whatever is asked and answered meanwhile', async () => {
  const [by, other] = registry.parties.panel;
  const appeal = await appealed();
  const reviewer = await claimCase(registry, by, appeal);
  resultOf(await deliver(registry, { appeal, to: [reviewer] }));
  // The last question is due on day 40 or later, and fourteen days more would be the reviewer's.
  for (let n = 0; n < 2; n++) {
    registry.advance(10 * day);
    resultOf(await ask(by, appeal));
  }
  registry.advance(10 * day - 60);
  resultOf(await ask(by, appeal));
  registry.advance(14 * day);
  expect(problem(await assign(registry, other))).toEqual(['not-found']);
  registry.advance(61);
  const next = await claimCase(registry, other, appeal);
  expect(problem(await registry.call(by, 'review.get', { appeal }))).toEqual(['not-found']);
  // Evidence is due anew, to the key of who has it now.
  resultOf(await deliver(registry, { appeal, to: [next] }));
});

test('three lapses in 90 days stop new assignments until the panel’s admin looked', async () => {
  const [admin, by] = registry.parties.panel;
  await lapse(by, 2);
  const third = await appealed();
  expect(await assigned(by)).toBe(third);
  const next = await appealed();
  registry.advance(14 * day - 60);
  // What is not over yet is no lapse.
  expect(await assigned(by)).toBe(third);
  registry.advance(61);
  expect(problem(await assign(registry, by))).toEqual(['state-conflict', 'too-many-lapses']);
  expect(problem(await excuse(by, by))).toEqual(['invalid-input', 'another-holder']);
  resultOf(await excuse(admin, by));
  expect(await assigned(by)).toBe(next);
});

test('after 90 days a lapse counts no more', async () => {
  const [, by] = registry.parties.panel;
  await lapse(by, 3);
  await appealed();
  expect(problem(await assign(registry, by))).toEqual(['state-conflict', 'too-many-lapses']);
  registry.advance(63 * day);
  await assigned(by);
});

test('what was given back or closed in time is no lapse; what was decided or given back late is one', async () => {
  const [, by] = registry.parties.panel;
  const lapses = async (): Promise<number> => {
    const { rows } = await sql<{ n: number }>`
      select lapses_of(${by.holder}, ${registry.now()}) as n`.execute(registry.db);
    return rows[0]!.n;
  };
  const back = (appeal: Id<'apl'>) =>
    registry.call(by, 'review.recuse', { appeal, why: 'workload' });
  const inTime = await appealed();
  await claimCase(registry, by, inTime);
  resultOf(await back(inTime));
  const theCase = await newCase(registry);
  const { id: appeal } = await appealCase(registry, theCase);
  await claimCase(registry, by, appeal);
  const withdrawal = await registry.caseCall('case.withdrawAppeal', { key: theCase.key });
  expect(withdrawal.status).toBe(200);
  registry.advance(40 * day);
  expect(await lapses()).toBe(0);
  const late = await newCase(registry);
  const { id } = await appealCase(registry, late);
  const reviewer = await claimCase(registry, by, id);
  resultOf(await deliver(registry, { appeal: id, to: [reviewer] }));
  registry.advance(15 * day);
  expect(await lapses()).toBe(1);
  const decision = { outcome: 'reversed', cause: 'error' } as const;
  resultOf(await decide(registry, { ...late, appeal: id, by, decision }));
  expect(await lapses()).toBe(1);
});

test('whoever had an appeal that ended undecided is named with it in the report, by an opaque id', async () => {
  const [first, second, third] = registry.parties.panel;
  const theCase = await newCase(registry);
  const { id: appeal } = await appealCase(registry, theCase);
  await assigned(first);
  registry.advance(15 * day);
  const reviewer = await claimCase(registry, second, appeal);
  resultOf(await deliver(registry, { appeal, to: [reviewer] }));
  // Who gave it back did not have it.
  registry.advance(15 * day);
  expect(await assigned(third)).toBe(appeal);
  resultOf(await registry.call(third, 'review.recuse', { appeal, why: 'workload' }));
  const undecided = async () => {
    const { panel } = await report(registry);
    return panel.undecided;
  };
  expect(await undecided()).toEqual([]);
  registry.advance(160 * day);
  await act(registry, theCase.sanction, async () => undefined);
  const had = [first, second].map(({ holder }) => ({ reviewer: holder, n: 1 }));
  expect(await undecided()).toEqual(had.toSorted((a, b) => (a.reviewer < b.reviewer ? -1 : 1)));
});

describe('by SQL as well', () => {
  const checked = '23514';
  const forbidden = '42501';

  test('no assignment is longer than 44 days', async () => {
    const appeal = await appealed();
    await assigned(registry.parties.panel[0]);
    const until = (days: number) =>
      sql`update assignments set expires_at = at + make_interval(days => ${days})
        where review = ${appeal}`.execute(registry.db);
    expect(await sqlState(until(45))).toBe(checked);
    expect(await sqlState(until(44))).toBe('accepted');
  });

  test('none is given to whom three lapses stopped', async () => {
    const [, by] = registry.parties.panel;
    await lapse(by, 3);
    const id = await appealed();
    const insert = () =>
      sql`insert into assignments (review, sanction, holder, kid, at, expires_at, batch)
        select id, sanction, ${by.holder}, ${by.kid}, ${registry.now()}, ${registry.now()}, id
        from appeals where id = ${id}`.execute(registry.db);
    expect(await sqlState(insert())).toBe(forbidden);
    await sql`update holders set excused_at = ${registry.now()} where id = ${by.holder}`.execute(
      registry.db,
    );
    expect(await sqlState(insert())).toBe('accepted');
  });
});
