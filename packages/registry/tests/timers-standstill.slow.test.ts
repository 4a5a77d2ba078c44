import type { TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { suspend } from '../src/records/transition.ts';
import { ask, openCheck, resultOf, startCheckRegistry } from './checks-fixture.ts';
import { castOf, historiesOf, openAppealRows, settleAll, type Cast } from './due-fixture.ts';
import { expectSameLives } from './lives-beside.ts';
import { acknowledge, act, days, recallsOf, tell, type ToldRecord } from './recalls-fixture.ts';

/** One registry whose server writes what is due, and one where none does. */
let served: TestRegistry;
let still: TestRegistry;
beforeEach(async () => {
  [served, still] = await Promise.all([startCheckRegistry(), startCheckRegistry()]);
});
afterEach(async () => {
  await Promise.all([served.close(), still.close()]);
});

const stepDays = 3;
const stepsOf = (n: number): number[] => Array.from({ length: n / stepDays }, (_, i) => i);

async function step(): Promise<void> {
  still.advance(stepDays * days);
  served.advance(stepDays * days);
  await settleAll(served.services, { timersOnly: true });
  const written = await happenings(served);
  await settleAll(served.services);
  // Timers brought about everything that happens to a case, but for its erasure.
  expect(await happenings(served)).toEqual(written);
}

const happenings = async (registry: TestRegistry): Promise<string[][]> =>
  (await entriesByCase(registry)).map((ofCase) => ofCase.filter((line) => line !== 'texts-erased'));

/** What Tubely owes, so that nothing stops its checks. */
async function answerRecalls(registry: TestRegistry): Promise<void> {
  const open = await registry.db
    .selectFrom('recalls')
    .select(['id', 'kind'])
    .where('acknowledgement', 'is', null)
    .where('superseded_by', 'is', null)
    .execute();
  const actions = { undo: 'undone', pause: 'paused', correct: 'corrected' } as const;
  for (const { id, kind } of open) {
    resultOf(await acknowledge(registry, id, { action: actions[kind] }));
  }
}

/** Told to Tubely, each with another clock that runs. */
async function toldCast(registry: TestRegistry): Promise<ToldRecord[]> {
  const [undelivered, undecided, withdrawn, relieved, visible] = [
    await tell(registry),
    await tell(registry),
    await tell(registry),
    await tell(registry),
    await tell(registry),
  ];
  await openAppealRows(registry, undelivered.sanction, { evidence: 7 });
  await openAppealRows(registry, undecided.sanction, {});
  await openAppealRows(registry, withdrawn.sanction, { evidence: 7, withdraws: 8 });
  await act(registry, relieved.sanction, async (ctx, record) => {
    const until = new Date(registry.now().getTime() + 14 * days * 1_000);
    await suspend(ctx, record, { cause: 'relief', since: ctx.now, until });
  });
  return [undelivered, undecided, withdrawn, relieved, visible];
}

async function answersOf(registry: TestRegistry, cast: readonly ToldRecord[]): Promise<string[]> {
  const { tubely } = registry.parties;
  const check = await openCheck(registry, tubely);
  const answers: string[] = [];
  for (const { token } of cast) {
    const { advice, matches } = resultOf(
      await ask(registry, tubely, { check, tokens: [token] }),
    ) as { advice: string; matches: { disputed: boolean }[] };
    answers.push([advice, ...matches.map(({ disputed }) => disputed)].join(' '));
  }
  return answers;
}

test('with every job stopped for sixty days, checks answer as with every job running', async () => {
  const casts = [await toldCast(served), await toldCast(still)] as const;
  const seen = new Set<string>();
  for (const i of stepsOf(60)) {
    await step();
    await Promise.all([answerRecalls(served), answerRecalls(still)]);
    const [withJobs, without] = [
      await answersOf(served, casts[0]),
      await answersOf(still, casts[1]),
    ];
    expect([i, without]).toEqual([i, withJobs]);
    if (i % 5 === 0) for (const registry of [served, still]) await expectSameLives(registry);
    for (const answer of without) seen.add(answer);
  }
  expect([...seen]).toEqual(expect.arrayContaining(['no-record', 'review false']));
  expect(await still.db.selectFrom('events').selectAll().execute()).toHaveLength(
    // Of the suspension by relief alone, which a person made.
    2,
  );
});

test('on restart after sixty days everything falls due in order, once, with its recalls', async () => {
  const casts = [await castOf(served), await castOf(still)] as const;
  const before = (await still.pendingEntries()).length;
  expect((await served.pendingEntries()).length).toBe(before);
  for (const _ of stepsOf(60)) await step();
  expect((await still.pendingEntries()).length).toBe(before);
  await settleAll(still.services);
  expect(await historiesOf(still, casts[1])).toEqual(await historiesOf(served, casts[0]));
  const [withJobs, without] = [await told(served, casts[0]), await told(still, casts[1])];
  expect(without).toEqual(withJobs);
  expect(await entriesByCase(still)).toEqual(await entriesByCase(served));
  expect(await orderOfCases(still, before)).toEqual(await orderOfCases(served, before));
});

/**
 * Recalls and events of each case. That a recall was overdue is left out: it can be so only after it was issued, which
 * is when somebody looked.
 */
async function told(registry: TestRegistry, cast: Cast): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const [name, sanction] of Object.entries(cast) as [string, string][]) {
    const recalls = await recallsOf(registry, sanction);
    const events = await registry.db
      .selectFrom('events')
      .select(['party', 'type', 'body'])
      .where('sanction', '=', sanction)
      .where('type', 'not in', ['recall-reminder', 'outcome-reminder'])
      .orderBy('seq')
      .execute();
    const { tubely } = registry.parties;
    const who = (party: string): string => (party === tubely.id ? 'told' : 'submitter');
    all[name] = [
      ...recalls.map(({ kind, version }) => `${kind} ${version}`),
      ...events.map(({ party, type, body }) => `${who(party)} ${type} ${body.version}`),
    ];
  }
  return all;
}

type Line = { type: string; ref?: string; cause?: string };

const linesOf = async (registry: TestRegistry): Promise<Line[]> =>
  (await registry.pendingEntries()).map((entry) => JSON.parse(entry) as Line);

/** What the log says of each case, in order, the cases in the order of their submission. */
async function entriesByCase(registry: TestRegistry): Promise<string[][]> {
  const lines = (await linesOf(registry)).filter(({ ref }) => ref !== undefined);
  return [...Map.groupBy(lines, ({ ref }) => ref).values()].map((ofCase) =>
    ofCase.map(({ type, cause }) => [type, cause].filter(Boolean).join(' ')),
  );
}

/** The places of the cases in the order in which something first happened to them after so many entries. */
async function orderOfCases(registry: TestRegistry, from: number): Promise<number[]> {
  const lines = await linesOf(registry);
  const cases = [...new Set(lines.flatMap(({ ref }) => ref ?? []))];
  const later = new Set(lines.slice(from).flatMap(({ ref }) => ref ?? []));
  return [...later].map((ref) => cases.indexOf(ref));
}
