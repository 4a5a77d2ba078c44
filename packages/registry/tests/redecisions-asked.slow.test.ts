import type { Decision, Id } from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  appealCase,
  claimCase,
  day,
  decide,
  newCase,
  recallsOf,
  sanctionOf,
  startAppealRegistry,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { countedOf, deliverInspection, examine, takeInspection } from './inspections-harness.ts';
import { closedAppeals, seatReviewers } from './panel-harness.ts';
import { report } from './report-fixture.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
let first: TestKey;
let others: TestKey[];
beforeEach(async () => {
  registry = await startAppealRegistry();
  const [one, two, three] = registry.parties.panel;
  first = one;
  others = [two, three];
});
afterEach(() => registry.close());

interface ReversedCase {
  readonly sanction: Id<'snc'>;
  readonly appeal: Id<'apl'>;
}

const error = { outcome: 'reversed', cause: 'error' } as const;

async function reversed(decision: Partial<Decision> = error): Promise<ReversedCase> {
  const theCase = await newCase(registry);
  const { id: appeal } = await appealCase(registry, theCase);
  await claimCase(registry, first, appeal);
  resultOf(await decide(registry, { ...theCase, appeal, by: first, decision }));
  return { sanction: theCase.sanction, appeal };
}

const ask = (appeal: Id<'apl'>, key: TestKey = registry.parties.harbour.trust) =>
  registry.call(key, 'appeals.redecide', { appeal });

async function voted(by: TestKey, outcome: 'passed' | 'failed'): Promise<void> {
  const taken = await takeInspection(registry, by);
  expect(taken.why).toBe('asked');
  resultOf(await deliverInspection(registry, taken));
  resultOf(await examine(registry, { by, item: taken.item, outcome }));
}

const both = async (outcomes: readonly ['passed' | 'failed', 'passed' | 'failed']) => {
  for (const [place, outcome] of outcomes.entries()) await voted(others[place]!, outcome);
};
const stateOf = async ({ sanction }: ReversedCase): Promise<string> =>
  ((await sanctionOf(registry, sanction)) as { state: string }).state;
const own = async (key: TestKey) =>
  (resultOf(await registry.call(key, 'review.items', {})) as { redecided: object }).redecided;
const figures = async () => {
  const { panel, comparison } = await report(registry);
  const { asked, overturned } = panel.decidedAgain;
  return {
    asked,
    overturned,
    wrong: comparison.differences.filter(({ figure }) => figure.startsWith('again.')),
  };
};

describe('a reversal that its submitter had decided again by two others', () => {
  test('counts against the submitter no more where both disagree, and is a figure of the reviewer; it stays ended', async () => {
    const appealed = await reversed();
    expect(await countedOf(registry)).toEqual([1, 1]);
    const recalls = await recallsOf(registry, appealed.sanction);
    expect(resultOf(await ask(appealed.appeal))).toMatchObject({
      appeal: appealed.appeal,
      left: 4,
    });
    await voted(others[0]!, 'passed');
    expect(await countedOf(registry)).toEqual([1, 1]);
    await voted(others[1]!, 'passed');
    expect(await countedOf(registry)).toEqual([0, 0]);
    expect(await stateOf(appealed)).toBe('reversed');
    expect(await recallsOf(registry, appealed.sanction)).toEqual(recalls);
    expect(await own(first)).toEqual({ asked: 1, overturned: 1 });
    expect(await own(others[0]!)).toEqual({ asked: 0, overturned: 0 });
    expect(await figures()).toEqual({ asked: 1, overturned: 1, wrong: [] });
  });

  test.each([
    ['passed', 'failed'],
    ['failed', 'failed'],
  ] as const)('counts on where one of them agrees: %s, %s', async (...outcomes) => {
    const appealed = await reversed();
    resultOf(await ask(appealed.appeal));
    await both(outcomes);
    expect(await countedOf(registry)).toEqual([1, 1]);
    expect(await own(first)).toEqual({ asked: 1, overturned: 0 });
    expect(await figures()).toEqual({ asked: 1, overturned: 0, wrong: [] });
  });

  test('goes to two who are new to the record, each alone', async () => {
    const { appeal } = await reversed();
    resultOf(await ask(appeal));
    expect(problem(await registry.call(first, 'review.claim', {}))).toEqual(['not-found']);
    await voted(others[0]!, 'passed');
    expect(problem(await registry.call(others[0]!, 'review.claim', {}))).toEqual(['not-found']);
  });

  test('suspends its submitter for speech no more', async () => {
    const expression = { outcome: 'reversed', cause: 'expression' } as const;
    others = [...others, ...(await seatReviewers(registry, 1))];
    const authority = { ...expression, cause: 'authority-origin' } as const;
    const { appeal } = await reversed(authority);
    const suspended = async () =>
      (
        resultOf(await registry.call(registry.parties.harbour.service, 'parties.standing', {})) as {
          suspensions: { cause: string }[];
        }
      ).suspensions.map(({ cause }) => cause);
    expect(await suspended()).toEqual(['authority-origin']);
    resultOf(await ask(appeal));
    await both(['passed', 'passed']);
    expect(await suspended()).toEqual([]);
  });
});

describe('it is asked', () => {
  test('once, within seven days, of a reversal, and by its submitter alone', async () => {
    const appealed = await reversed();
    expect(problem(await ask(appealed.appeal, registry.parties.tubely.trust))).toEqual([
      'not-found',
    ]);
    registry.advance(7 * day - 60);
    resultOf(await ask(appealed.appeal));
    expect(problem(await ask(appealed.appeal))).toEqual(['state-conflict', 'already-asked']);
    const late = await reversed();
    registry.advance(7 * day + 1);
    expect(problem(await ask(late.appeal))).toEqual(['state-conflict', 'too-late']);
    const upheld = await reversed({ outcome: 'dismissed' });
    expect(problem(await ask(upheld.appeal))).toEqual(['state-conflict', 'not-reversed']);
  });

  test('of five reversals a quarter, and of one in twenty of those there were', async () => {
    const many: ReversedCase[] = [];
    for (let n = 0; n < 7; n++) many.push(await reversed());
    const left: number[] = [];
    for (const { appeal } of many.slice(0, 5)) {
      left.push((resultOf(await ask(appeal)) as { left: number }).left);
    }
    expect(left).toEqual([4, 3, 2, 1, 0]);
    const [sixth, seventh] = many.slice(5).map(({ appeal }) => appeal);
    expect(problem(await ask(sixth!))).toEqual(['state-conflict', 'none-left']);
    // Thirteen more: twenty in all.
    const theCase = await newCase(registry);
    const closedAt = registry.now();
    const more = Array.from({ length: 13 }, () => ({ as: 'decided', ...error, closedAt }) as const);
    await closedAppeals(registry, theCase, more);
    expect(resultOf(await ask(sixth!))).toMatchObject({ left: 0 });
    expect(problem(await ask(seventh!))).toEqual(['state-conflict', 'none-left']);
  });
});

test('no server asks too late, twice, beyond the quarter or of what was no reversal, nor has a third asked', async () => {
  const at = (): string => `'${registry.now().toISOString()}'`;
  const attack = (statement: string): Promise<string> =>
    sqlState(sql.raw(statement).execute(registry.db));
  const asked = (appeal: string): string =>
    `update redecisions set asked_at = ${at()} where appeal = '${appeal}'`;
  const late = await reversed();
  registry.advance(8 * day);
  expect(await attack(asked(late.appeal))).toBe('23514');
  const { appeal } = await reversed({ outcome: 'dismissed' });
  expect(await attack(asked(appeal))).toBe('23514');
  const many: ReversedCase[] = [];
  for (let n = 0; n < 6; n++) many.push(await reversed());
  for (const appealed of many.slice(0, 5))
    expect(await attack(asked(appealed.appeal))).toBe('accepted');
  expect(await attack(asked(many[0]!.appeal))).toBe('23514');
  expect(await attack(asked(many[5]!.appeal))).toBe('23514');
  const inspection = (n: number): string =>
    `with r as (insert into reviews (id, sanction) values ('itm_' || repeat('${n}', 26), '${many[0]!.sanction}'))
    insert into inspections (id, sanction, why, appeal, opened_at, due_at)
    select 'itm_' || repeat('${n}', 26), '${many[0]!.sanction}', 'asked', '${many[0]!.appeal}', ${at()},
      ${at()}::timestamptz + interval '1 day'`;
  expect([
    await attack(inspection(1)),
    await attack(inspection(2)),
    await attack(inspection(3)),
  ]).toEqual(['accepted', 'accepted', '42501']);
  await sql`alter policy inspections_open on inspections with check (true)`.execute(
    registry.ownerDb,
  );
  expect(await attack(inspection(3))).toBe('accepted');
  await sql`drop trigger redecisions_asked on redecisions`.execute(registry.ownerDb);
  expect(await attack(asked(many[5]!.appeal))).toBe('accepted');
});
