import { connect, type Services } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql, type Selectable } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pairOf } from '../src/commit/changes.ts';
import { dueAt } from '@recourse/protocol/review';
import type { RecallsTable } from '../src/schema/recalls.ts';
import { findSanction } from '../src/records/store.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { ask, openCheck, startCheckRegistry } from './checks-fixture.ts';
import { appealed, castOf, countDue, historiesOf } from './due-fixture.ts';
import { acknowledge, days, entriesOf, recallsOf, tell } from './recalls-fixture.ts';
import { withdraw } from './sanctions-harness.ts';
import { forgetAsked } from '../src/retention/asked-store.ts';

type RecallRow = Selectable<RecallsTable>;

let registry: TestRegistry;
let second: Services;
beforeEach(async () => {
  registry = await startCheckRegistry();
  const db = connect({ url: registry.url, role: 'recourse_service', connections: 6 });
  second = { ...registry.services, db };
});
afterEach(async () => {
  await second.db.destroy();
  await registry.close();
});

/** What time does to each kind, in hours since its submission or draft: a hold never ends on a day nobody works. */
const expectedFrom = (start: Date) => ({
  unnoticed: ['submitted', `ended no-notice ${dueHours(start, 168)}`],
  held: ['submitted', 'notice-delivered', `visible ${dueHours(start, 72)}`, 'ended expired 1440'],
  expiring: [
    'submitted',
    'notice-delivered',
    `visible ${dueHours(start, 72)}`,
    'ended expired 480',
  ],
  draft: ['drafted', 'ended draft-lapsed'],
  relieved: ['submitted', 'notice-delivered', 'visible', 'suspended relief', 'reinstated 336'],
  undelivered: [
    'submitted',
    'notice-delivered',
    'visible',
    'suspended evidence-overdue 168',
    'ended evidence-not-delivered 336',
  ],
  undecided: [
    'submitted',
    'notice-delivered',
    'visible',
    'suspended decision-overdue 720',
    'ended undecided 1080',
  ],
  withdrawn: ['submitted', 'notice-delivered', 'visible', 'appeal-withdrawn 72'],
});
const dueHours = (start: Date, hours: number): number =>
  Math.round((dueAt(start, hours).getTime() - start.getTime()) / 3_600_000);

test('after sixty days of standstill, and looked at every day: the same history at the same instants', async () => {
  const expected = expectedFrom(registry.now());
  const still = await castOf(registry);
  // Whole weeks: both casts begin on the same weekday.
  registry.advance(63 * days);
  const { settled, failures } = await settleDue(registry.services);
  expect(failures).toEqual([]);
  expect(await countDue(registry)).toBe(0);
  expect(settled).toBeGreaterThanOrEqual(8);
  const atOnce = await historiesOf(registry, still);
  const daily = await castOf(registry);
  for (let day = 0; day < 63; day++) {
    registry.advance(days);
    expect((await settleDue(registry.services)).failures).toEqual([]);
  }
  const stepwise = await historiesOf(registry, daily);
  expect(stepwise).toEqual(atOnce);
  const { draft, ...others } = expected;
  expect(atOnce).toMatchObject(others);
  expect(atOnce['draft']?.map((line) => line.replace(/ \d+$/, '')).at(-1)).toBe(draft.at(-1));
});

/** Whoever hears that a record is busy asks again, as clients do. */
async function askAgain(question: Parameters<typeof ask>[2], tries = 5): ReturnType<typeof ask> {
  const answer = await ask(registry, registry.parties.tubely, question);
  return answer.status === 503 && tries > 1 ? askAgain(question, tries - 1) : answer;
}

test('two servers and calls at once after standstill: each step once, each platform told once, in order', async () => {
  const { tubely } = registry.parties;
  const expected = expectedFrom(registry.now());
  const casts = [await castOf(registry), await castOf(registry), await castOf(registry)];
  // One after the other: a delivery passes over a notice that another has in hand.
  const touched: string[] = [];
  for (let n = 0; n < 6; n++) touched.push(await appealed(registry, { evidence: 7 }));
  const check = await tell(registry);
  registry.advance(10 * days);
  const open = await openCheck(registry, tubely);
  const [settled, answers] = await Promise.all([
    Promise.all([registry.services, second, second].map((services) => settleDue(services))),
    Promise.all([
      ...touched.map((id) => withdraw(registry, id)),
      ...touched.map(() => askAgain({ check: open, tokens: [check.token] })),
    ]),
  ]);
  expect(settled.flatMap(({ failures }) => failures)).toEqual([]);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  registry.advance(51 * days);
  const later = await Promise.all([settleDue(registry.services), settleDue(second)]);
  expect(later.flatMap(({ failures }) => failures)).toEqual([]);
  await settleDue(registry.services);
  expect(await settleDue(second)).toEqual({ settled: 0, failures: [] });
  expect(await countDue(registry)).toBe(0);

  const [first] = await Promise.all(casts.map((cast) => historiesOf(registry, cast)));
  for (const cast of casts) expect(await historiesOf(registry, cast)).toEqual(first);
  for (const id of touched) {
    const history = await historiesOf(registry, { id } as never);
    expect(history['id']).toEqual([...expected.undelivered.slice(0, 4), 'ended conceded 240']);
  }
  await expectEachOnce();
});

/** What the log, the recalls and the events say of all sanctions together. */
async function expectEachOnce(): Promise<void> {
  const { rows } = await sql<{ sanction: string; event: string; n: number }>`
    select sanction, event, count(*)::int as n from sanction_events
    where event in ('visible', 'ended', 'suspended', 'reinstated', 'appeal-withdrawn')
    group by sanction, event having count(*) > 1`.execute(registry.db);
  expect(rows).toEqual([]);
  const drafts = await registry.db
    .selectFrom('sanctions')
    .select('id')
    .where('submitted_at', 'is', null)
    .execute();
  const ended = await registry.db
    .selectFrom('sanction_events')
    .select('sanction')
    .where('event', '=', 'ended')
    .execute();
  expect(await entriesOf(registry, 'sanction-ended')).toHaveLength(ended.length - drafts.length);
  const recalls = await registry.db.selectFrom('recalls').selectAll().execute();
  expect(await withoutEntry(recalls)).toEqual([]);
  const late = recalls.filter(({ overdue_at: at }) => at !== null);
  expect(late.length).toBeGreaterThan(0);
  expect(await entriesOf(registry, 'recall-overdue')).toHaveLength(late.length);
  const open = recalls.filter((r) => r.acknowledgement === null && r.superseded_by === null);
  const owing = open.map(({ sanction, party }) => `${sanction} ${party}`);
  expect(new Set(owing).size).toBe(owing.length);
  const events = await registry.db.selectFrom('events').selectAll().orderBy('seq').execute();
  for (const [, ofCase] of Map.groupBy(events, ({ sanction, party }) => `${sanction} ${party}`)) {
    const versions = ofCase.map(({ body }) => body.version);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    const lines = ofCase.map(({ type, body }) => [type, body.version, body.match].join(' '));
    expect(new Set(lines).size).toBe(lines.length);
  }
  const { rows: unopened } = await sql<{ n: number }>`
    select count(*)::int as n from openings where kid = 'registry'`.execute(registry.db);
  expect(unopened[0]!.n).toBeGreaterThan(0);
}

/** Recalls of a platform on a record of which there are more, or fewer, than the log says were issued. */
async function withoutEntry(recalls: readonly RecallRow[]): Promise<RecallRow[]> {
  const issued = Map.groupBy(await entriesOf(registry, 'recall-issued'), ({ pair }) => pair);
  const byPair = new Map<string, RecallRow[]>();
  for (const recall of recalls) {
    const { sanction, party } = recall;
    const row = (await findSanction(registry.db, sanction))!;
    const pair = pairOf({ sanction, party, caseKey: registry.services.vault.keyOf(row) });
    byPair.set(pair, [...(byPair.get(pair) ?? []), recall]);
  }
  expect(
    issued
      .keys()
      .filter((pair) => !byPair.has(pair as string))
      .toArray(),
  ).toEqual([]);
  return [...byPair].flatMap(([pair, all]) => (issued.get(pair)?.length === all.length ? [] : all));
}

/** What was asked under checks is forgotten within the hour, and is not counted here. */
async function daysPass(): Promise<void> {
  registry.advance(8 * days);
  await forgetAsked(registry.db, { now: registry.now(), limit: 1_000 });
}

test('one that fails keeps nobody waiting, and stays as it was', async () => {
  const lost = await appealed(registry, { evidence: 7 });
  await registry.ownerDb.deleteFrom('case_keys').where('sanction', '=', lost).execute();
  const sound = await appealed(registry, { evidence: 7 });
  await daysPass();
  const { settled, failures } = await settleDue(registry.services);
  expect(failures).toMatchObject([
    { kind: 'sanctions', id: lost, error: { code: 'vault-sealed' } },
  ]);
  expect([settled, await countDue(registry)]).toEqual([1, 1]);
  expect((await recallsOf(registry, sound)).map(({ kind }) => kind)).toEqual(['pause']);
  expect(await recallsOf(registry, lost)).toEqual([]);
});

test('a call is no longer than its limit; what is left is settled by the next', async () => {
  for (let i = 0; i < 5; i++) await appealed(registry, { evidence: 7 });
  await daysPass();
  expect(await settleDue(registry.services, { limit: 3 })).toMatchObject({ settled: 3 });
  expect(await countDue(registry)).toBe(2);
  expect(await settleDue(registry.services, { limit: 3 })).toMatchObject({ settled: 2 });
  expect(await countDue(registry)).toBe(0);
});

test('one that is locked is passed over, and not waited for', async () => {
  const id = await appealed(registry, { evidence: 7 });
  await daysPass();
  await registry.db.transaction().execute(async (trx) => {
    await sql`select from sanctions where id = ${id} for share`.execute(trx);
    expect(await settleDue(second)).toMatchObject({ settled: 0 });
    expect(await countDue(registry)).toBe(1);
  });
  expect(await settleDue(second)).toMatchObject({ settled: 1 });
  expect(await countDue(registry)).toBe(0);
});

test('a recall that was acknowledged meanwhile is not written as overdue', async () => {
  for (let i = 0; i < 8; i++) await appealed(registry, { evidence: 7 });
  registry.advance(8 * days);
  await settleDue(registry.services);
  const recalls = await registry.db.selectFrom('recalls').selectAll().execute();
  registry.advance(6 * days - 3_600);
  const [acked] = await Promise.all([
    Promise.all(recalls.map(({ id }) => acknowledge(registry, id, { action: 'paused' }))),
    settleDue(second),
  ]);
  expect(acked.map(({ status }) => status)).toEqual(recalls.map(() => 200));
  const late = (await registry.db.selectFrom('recalls').selectAll().execute()).filter(
    ({ overdue_at: at }) => at !== null,
  );
  const entries = (await entriesOf(registry, 'recall-overdue')).map((entry) => entry['pair']);
  expect(entries).toHaveLength(late.length);
  // Written before its acknowledgement or not at all.
  const rows = await registry.pendingEntries();
  const types = rows
    .map((entry) => JSON.parse(entry) as { type: string; pair: string })
    .filter(({ pair }) => entries.includes(pair) && pair !== undefined)
    .filter(({ type }) => type === 'recall-overdue' || type === 'recall-acknowledged');
  for (const [, ofPair] of Map.groupBy(types, ({ pair }) => pair)) {
    expect(ofPair.map(({ type }) => type)).toEqual(['recall-overdue', 'recall-acknowledged']);
  }
});
