import { toTimestamp } from '@recourse/protocol';
import type { TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dueAt } from '@recourse/protocol/review';
import {
  act,
  advanceTo,
  answers,
  appealCase,
  appealOf,
  claimCase,
  day,
  decide,
  deliver,
  eventsOf,
  newCase,
  readyCase,
  recallsOf,
  sanctionOf,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { problem } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

/** What a read says without any job, and whether a check is answered. */
const stateNow = async ({ sanction, tokens }: TestCase) => {
  const { state, cause, suspendedFor } = await sanctionOf(registry, sanction);
  return [cause ?? suspendedFor.join() ?? '', state, await answers(registry, tokens[0]!)];
};
const settle = (sanction: string) => act(registry, sanction, async () => undefined);
const history = async (sanction: string) =>
  (await sanctionOf(registry, sanction)).history.map(
    ({ event, cause }: { event: string; cause?: string }) => (cause ? `${event} ${cause}` : event),
  );
const kinds = async (sanction: string) =>
  (await recallsOf(registry, sanction))
    .filter(({ party }) => party === registry.parties.tubely.id)
    .map(({ kind, superseded_by }) => (superseded_by ? `(${kind})` : kind));

async function taken({ waits = 0 } = {}) {
  const theCase = await newCase(registry);
  const { id: appeal } = await appealCase(registry, theCase);
  registry.advance(waits * day);
  const reviewer = await claimCase(registry, registry.parties.panel[0], appeal);
  return { ...theCase, appeal, reviewer };
}

describe('evidence', () => {
  test('is not due while nobody has a key', async () => {
    const theCase = await newCase(registry);
    await appealCase(registry, theCase);
    registry.advance(20 * day);
    expect(await stateNow(theCase)).toEqual(['', 'visible', true]);
  });

  test('overdue: suspended; as long again: reversed; right at read time, then written in order', async () => {
    const assigned = await taken();
    const { evidenceDueAt } = await appealOf(registry, assigned.appeal);
    advanceTo(registry, evidenceDueAt, -60);
    expect(await stateNow(assigned)).toEqual(['', 'visible', true]);
    advanceTo(registry, evidenceDueAt);
    expect(await stateNow(assigned)).toEqual(['evidence-overdue', 'suspended', false]);
    const lapse = await lapseOf(assigned.appeal);
    advanceTo(registry, lapse, -60);
    expect((await stateNow(assigned))[1]).toBe('suspended');
    advanceTo(registry, lapse);
    expect(await stateNow(assigned)).toEqual(['evidence-not-delivered', 'reversed', false]);
    expect(await appealOf(registry, assigned.appeal)).toMatchObject({
      state: 'undelivered',
      cause: 'evidence-not-delivered',
    });
    expect(await kinds(assigned.sanction)).toEqual([]);
    await settle(assigned.sanction);
    expect((await history(assigned.sanction)).slice(-2)).toEqual([
      'suspended evidence-overdue',
      'ended evidence-not-delivered',
    ]);
    expect(await kinds(assigned.sanction)).toEqual(['(pause)', 'undo']);
    const { history: lines } = await sanctionOf(registry, assigned.sanction);
    expect(lines.at(-2).at).toBe(evidenceDueAt);
    expect(await stateNow(assigned)).toEqual(['evidence-not-delivered', 'reversed', false]);
  });

  test('delivered late, before the lapse: reinstated, and everyone told is told', async () => {
    const assigned = await taken();
    const { evidenceDueAt } = await appealOf(registry, assigned.appeal);
    advanceTo(registry, evidenceDueAt, day);
    resultOf(await deliver(registry, { appeal: assigned.appeal, to: [assigned.reviewer] }));
    expect(await stateNow(assigned)).toEqual(['', 'visible', true]);
    expect(await kinds(assigned.sanction)).toEqual(['(pause)', 'correct']);
    expect(
      (await eventsOf(registry, { ...assigned, party: registry.parties.tubely.id })).slice(-2),
    ).toEqual(['sanction-suspended', 'sanction-reinstated']);
  });

  test('not after the lapse: what comes too late is refused', async () => {
    const assigned = await taken();
    advanceTo(registry, await lapseOf(assigned.appeal));
    expect(
      problem(await deliver(registry, { appeal: assigned.appeal, to: [assigned.reviewer] })),
    ).toEqual(['state-conflict', 'closed']);
    expect(await stateNow(assigned)).toEqual(['evidence-not-delivered', 'reversed', false]);
  });

  test('more time for a new key reinstates nothing that was overdue', async () => {
    const assigned = await taken();
    const { panel } = registry.parties;
    const { appeal } = assigned;
    const { evidenceDueAt } = await appealOf(registry, appeal);
    advanceTo(registry, evidenceDueAt);
    resultOf(
      await registry.call(assigned.reviewer.key, 'review.recuse', { appeal, why: 'workload' }),
    );
    expect((await stateNow(assigned))[1]).toBe('suspended');
    const second = await claimCase(registry, panel[1], appeal);
    expect((await stateNow(assigned))[1]).toBe('suspended');
    resultOf(await deliver(registry, { appeal, to: [second] }));
    expect((await stateNow(assigned))[1]).toBe('visible');
  });
});

describe('the decision', () => {
  test('overdue: suspended; at 180 d the record ends undecided, and is no longer decided', async () => {
    const ready = await readyCase(registry);
    const { decisionDueAt, undecidedAt } = await appealOf(registry, ready.appeal);
    advanceTo(registry, decisionDueAt, -60);
    expect(await stateNow(ready)).toEqual(['', 'visible', true]);
    advanceTo(registry, decisionDueAt);
    expect(await stateNow(ready)).toEqual(['decision-overdue', 'suspended', false]);
    advanceTo(registry, undecidedAt);
    expect(await stateNow(ready)).toEqual(['undecided', 'undecided', false]);
    expect(await appealOf(registry, ready.appeal)).toMatchObject({ state: 'undecided' });
    const by = ready.reviewers[0]!.key;
    const upheld = { outcome: 'upheld' } as const;
    expect(problem(await decide(registry, { ...ready, by, decision: upheld }))).toEqual([
      'not-found',
    ]);
    await settle(ready.sanction);
    expect((await history(ready.sanction)).slice(-2)).toEqual([
      'suspended decision-overdue',
      'ended undecided',
    ]);
    expect(await kinds(ready.sanction)).toEqual(['(pause)', 'undo']);
    const letter = await registry.caseCall('case.letter', { key: ready.key });
    expect(letter.body.result.data.text).toContain('Nobody decided the appeal');
    const [end] = await registry.db
      .selectFrom('ends')
      .selectAll()
      .where('sanction', '=', ready.sanction)
      .execute();
    // The panel's: it counts in no submitter's rate.
    expect(end).toMatchObject({ by_party: 'panel', kind: 'undecided', cause: 'undecided' });
  });

  test('upheld late: reinstated, and everyone told corrects', async () => {
    const ready = await readyCase(registry);
    const { decisionDueAt } = await appealOf(registry, ready.appeal);
    advanceTo(registry, decisionDueAt);
    const by = ready.reviewers[0]!.key;
    const answer = await decide(registry, { ...ready, by, decision: { outcome: 'upheld' } });
    expect(resultOf(answer)).toMatchObject({ outcome: 'upheld', recalls: 1 });
    expect(await stateNow(ready)).toEqual(['', 'visible', true]);
    expect(await kinds(ready.sanction)).toEqual(['(pause)', 'correct']);
  });

  test('a question adds ten days and all of them no more than fourteen; what was overdue answers again', async () => {
    // Assigned a week late, so that its reviewer may still ask when the decision is overdue.
    const assigned = await taken({ waits: 7 });
    const { appeal } = assigned;
    resultOf(await deliver(registry, { appeal, to: [assigned.reviewer] }));
    const { openedAt, decisionDueAt } = await appealOf(registry, appeal);
    advanceTo(registry, decisionDueAt);
    await settle(assigned.sanction);
    expect((await stateNow(assigned))[1]).toBe('suspended');
    const ask = async () =>
      resultOf(
        await registry.call(assigned.reviewer.key, 'review.ask', {
          appeal,
          kind: 'question',
          text: 'When did you sell it?',
        }),
      ) as { decisionDueAt: string };
    const inDays = (days: number): string => toTimestamp(dueAt(new Date(openedAt), 24 * days));
    expect((await ask()).decisionDueAt).toBe(inDays(30 + 10));
    expect(await stateNow(assigned)).toEqual(['', 'visible', true]);
    expect(await kinds(assigned.sanction)).toEqual(['(pause)', 'correct']);
    expect((await ask()).decisionDueAt).toBe(inDays(30 + 14));
    expect((await ask()).decisionDueAt).toBe(inDays(30 + 14));
    const { undecidedAt, decisionDueAt: due } = await appealOf(registry, appeal);
    expect(Date.parse(undecidedAt)).toBeGreaterThan(Date.parse(due));
    advanceTo(registry, due);
    expect((await stateNow(assigned))[1]).toBe('suspended');
  });

  test('of whoever was decided about before: late, it neither suspends nor ends the record', async () => {
    const ready = await readyCase(registry);
    const by = ready.reviewers[0]!.key;
    resultOf(await decide(registry, { ...ready, by, decision: { outcome: 'upheld' } }));
    registry.advance(91 * day);
    const { id: appeal } = await appealCase(registry, ready, { news: 'Somebody else confessed.' });
    const { undecidedAt, bound } = await appealOf(registry, appeal);
    expect(bound).toBe(true);
    advanceTo(registry, undecidedAt, -60);
    expect(await stateNow(ready)).toEqual(['', 'visible', true]);
    advanceTo(registry, undecidedAt);
    expect(await stateNow(ready)).toEqual(['', 'visible', true]);
    expect(await appealOf(registry, appeal)).toMatchObject({ state: 'undecided' });
    await settle(ready.sanction);
    expect((await history(ready.sanction)).at(-1)).toBe('appeal-undecided');
    expect(await kinds(ready.sanction)).toEqual([]);
  });

  test('nobody decided on a record that had ended: closed, and nothing else', async () => {
    const exp = Math.floor(registry.now().getTime() / 1000) + 2 * day;
    const theCase = await newCase(registry, { statement: { exp } });
    const { id: appeal } = await appealCase(registry, theCase);
    const { undecidedAt } = await appealOf(registry, appeal);
    advanceTo(registry, undecidedAt);
    expect((await sanctionOf(registry, theCase.sanction)).state).toBe('expired');
    await settle(theCase.sanction);
    expect((await history(theCase.sanction)).slice(-2)).toEqual([
      'ended expired',
      'appeal-undecided',
    ]);
    expect(await kinds(theCase.sanction)).toEqual([]);
  });
});

describe('relief', () => {
  const relieve = async (appeal: string, days: number) =>
    registry.call(registry.parties.panel[0], 'review.relieve', {
      appeal: appeal as `apl_${string}`,
      until: new Date(registry.now().getTime() + days * day * 1000).toISOString(),
    });

  test('suspends for at most 14 d, everyone told is told, and it ends by itself', async () => {
    const ready = await readyCase(registry);
    const { appeal } = ready;
    expect(problem(await relieve(appeal, 15))).toEqual(['invalid-input', 'too-late']);
    expect(problem(await relieve(appeal, -1))).toEqual(['invalid-input', 'in-the-past']);
    expect(resultOf(await relieve(appeal, 5))).toMatchObject({ recalls: 1 });
    expect(await stateNow(ready)).toEqual(['relief', 'suspended', false]);
    expect(problem(await relieve(appeal, 5))).toEqual(['state-conflict', 'already-relieved']);
    const read = await registry.call(registry.parties.panel[0], 'review.get', { appeal });
    expect(read.body.result.relievedUntil).toBeDefined();
    registry.advance(5 * day + 2);
    expect(await stateNow(ready)).toEqual(['', 'visible', true]);
    await settle(ready.sanction);
    expect(await kinds(ready.sanction)).toEqual(['(pause)', 'correct']);
  });

  test('upheld, it is over', async () => {
    const ready = await readyCase(registry);
    resultOf(await relieve(ready.appeal, 5));
    const by = ready.reviewers[0]!.key;
    resultOf(await decide(registry, { ...ready, by, decision: { outcome: 'upheld' } }));
    expect(await stateNow(ready)).toEqual(['', 'visible', true]);
  });
});

const lapseOf = async (appeal: string): Promise<Date> =>
  (
    await registry.db
      .selectFrom('appeals')
      .select('evidence_lapses_at')
      .where('id', '=', appeal)
      .executeTakeFirstOrThrow()
  ).evidence_lapses_at!;
