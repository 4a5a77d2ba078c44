import type { Id } from '@recourse/protocol';
import { settleDue, type RecoveryResult } from '@recourse/registry';
import { random32, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetAsked } from '../src/retention/asked-store.ts';
import { closeAppeal, recordFinding } from '../src/records/appeal-closing.ts';
import { standingOf } from '../src/records/record.ts';
import { findSanction, historyOf } from '../src/records/store.ts';
import { appealCase, newCase, startAppealRegistry, type TestCase } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { waiting } from './ledger-fixture.ts';
import { act, days, recallOf, recallsOf, type ToldRecord } from './recalls-fixture.ts';
import { recoveredAfter } from './recovery-fixture.ts';
import { build, notify, submit } from './sanctions-harness.ts';

let live: TestRegistry;
let dump: TestRegistry;
let recovered: RecoveryResult;
let draft: Id<'snc'>;
let held: string;
let expiring: string;
let overdue: ToldRecord;
let found: ToldRecord;
let upheld: TestCase;
beforeAll(async () => {
  live = await startAppealRegistry();
  const { harbour } = live.parties;
  const drafted = await live.call(harbour.service, 'sanctions.draft', await build(live));
  draft = (resultOf(drafted) as { sanction: Id<'snc'> }).sanction;
  held = await spam(60);
  expiring = await spam(5.5);
  overdue = await recallOf(live);
  found = await recallOf(live);
  upheld = await newCase(live);
  await appealCase(live, upheld);
  ({ dump, recovered } = await recoveredAfter(live, happen));
});
afterAll(async () => {
  await live.close();
  await dump.close();
});

/** A record with a hold, noticed now. */
async function spam(lifeDays: number): Promise<string> {
  const exp = Math.floor(live.now().getTime() / 1_000) + lifeDays * days;
  const evidence = [{ class: 'volume-logs' as const, commitment: random32() }];
  const { id } = await submit(live, {
    statement: { reason: 'network.bulk-spam', evidence, exp },
  });
  resultOf(await notify(live, id));
  return id;
}

async function happen(): Promise<void> {
  const { harbour } = live.parties;
  resultOf(await live.call(harbour.trust2, 'sanctions.confirm', { sanctions: [draft] }));
  const at = live.now();
  await act(live, upheld.sanction, (ctx, record) =>
    closeAppeal(ctx, record, {
      as: 'decided',
      at,
      outcome: 'dismissed',
      event: 'appeal-dismissed',
    }),
  );
  await act(live, found.sanction, (ctx, record) =>
    recordFinding(ctx, record, { appeal: 'apl_00000000000000000000000000', cause: 'error', at }),
  );
  live.advance(6 * days);
  await settleDue(live.services);
}

const stateOf = async (sanction: string) =>
  standingOf((await findSanction(dump.db, sanction))!, dump.now()).state;

const eventsOf = async (sanction: string) =>
  (await historyOf(dump.db, sanction)).map(({ event }) => event);

test('a draft that was confirmed is no draft, and its notice is due when it was', async () => {
  const [row, original] = await Promise.all([dump, live].map(({ db }) => findSanction(db, draft)));
  expect(await stateOf(draft)).toBe('held');
  const later = row!.notice_due_at!.getTime() - original!.notice_due_at!.getTime();
  expect([later >= 0, later < 1_000]).toEqual([true, true]);
});

test('one that came to answer, and one that expired, say so once', async () => {
  expect([await stateOf(held), await eventsOf(held)]).toEqual([
    'visible',
    ['submitted', 'notice-delivered', 'visible'],
  ]);
  expect([await stateOf(expiring), await eventsOf(expiring)]).toEqual([
    'expired',
    ['submitted', 'notice-delivered', 'visible', 'ended'],
  ]);
});

test('a finding owes the recall that it owed', async () => {
  const recalls = await recallsOf(dump, found.sanction);
  expect(recalls.map(({ version, kind }) => [version, kind])).toEqual([
    [2, 'undo'],
    [3, 'undo'],
  ]);
  expect(await eventsOf(found.sanction)).toContain('finding');
});

test('a recall that was called overdue is not called so again', async () => {
  const [recall] = await recallsOf(dump, overdue.sanction);
  expect(recall?.overdue_at).not.toBeNull();
});

test('nothing is left that time has done and the log does not say', async () => {
  const before = await waiting(dump.db);
  // What was asked under checks is forgotten, and not logged.
  await forgetAsked(dump.db, { now: dump.services.clock(), limit: 1_000 });
  expect(await settleDue(dump.services)).toMatchObject({ settled: 0, failures: [] });
  expect(await waiting(dump.db)).toEqual(before);
});

test('whose appeal was decided, nobody knows how, stays suspended until a reviewer decides', async () => {
  expect(await stateOf(upheld.sanction)).toBe('suspended');
  expect(recovered.counts.suspended).toBe(1);
  await appealCase(dump, upheld);
  await act(dump, upheld.sanction, (ctx, record) =>
    closeAppeal(ctx, record, {
      as: 'decided',
      at: dump.now(),
      outcome: 'dismissed',
      event: 'appeal-dismissed',
    }),
  );
  expect(await stateOf(upheld.sanction)).toBe('visible');
});
