import { toNumericDate } from '@recourse/protocol';
import { random32, type TestPlatform, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commitChanges } from '../src/commit/commit-changes.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { Changes } from '../src/commit/changes.ts';
import { stopParty, updateParty } from '../src/parties/store.ts';
import { endSanction } from '../src/records/ending.ts';
import { standingOf } from '../src/records/record.ts';
import { writeNextInstants } from '../src/records/next-instant.ts';
import type { TransitionContext } from '../src/records/transition-context.ts';
import { lockRecord } from '../src/records/lock-record.ts';
import { findSanction } from '../src/records/store.ts';
import { startAppealRegistry } from './appeals-harness.ts';
import { daysAgo, resultOf, subject } from './checks-fixture.ts';
import { matchesOf, record } from './derived-fixture.ts';
import { accusedHarbour, castVote, seatedOf, seatReviewers } from './panel-harness.ts';
import { platformId } from './parties-operator-fixtures.ts';
import {
  answeredOrWaiting,
  holdUp,
  letGo,
  paused,
  type PausedTransaction,
} from './paused-transaction.ts';
import { acknowledge, days, recallOf } from './recalls-fixture.ts';
import { build, notify, problem, withdraw } from './sanctions-harness.ts';

// Two transactions at once, on real connections. One of them is held up where it has judged and not committed, so that
// what it would not see without a lock happens each time.

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(async () => {
  await letGo();
  await registry.close();
});

/** What a platform submits about a token, and its submission. */
async function submission(
  by: TestPlatform,
  token: string = random32(),
  commitment: string = random32(),
) {
  const input = await build(registry, {
    signedBy: by.trust,
    subjects: [subject('domain', { token, provenAt: daysAgo(registry, 1) })],
    statement: {
      evidence: [{ class: 'captured-artefact', commitment }],
      decided_at: toNumericDate(registry.now()) - 60,
      incident_from: daysAgo(registry, 0) - 3600,
      incident_to: daysAgo(registry, 0) - 1800,
    },
  });
  const send = () => registry.call(by.service, 'sanctions.submit', input);
  return { caseKey: input.caseKey, send };
}

/** The same about somebody whom Harbour recorded before: nothing but the lock shows it to anybody. */
async function submissionAgain() {
  const { harbour, tubely } = registry.parties;
  const token = random32();
  await record(registry, harbour, [token]);
  // Of another platform: what holds the submission up refers to its row, and not to Harbour's.
  const model = await record(registry, tubely, [random32()]);
  registry.advance(2 * 3600);
  return { model, ...(await submission(harbour, token)) };
}

/** Something that the registry does, and has not committed. */
const ctx = (run: (context: TransitionContext) => Promise<unknown>): Promise<PausedTransaction> =>
  paused(registry.db, async (db) => {
    const now = registry.now();
    const changes = new Changes({ caller: 'registry', now, unique: random32 });
    await run({ db, now, services: registry.services, changes });
    await commitChanges({ db, changes, now });
    await writeNextInstants({ db, changes });
  });

const isReviewed = async (derived: string): Promise<boolean> => {
  const { rows } = await sql`select from derived_reviews where derived = ${derived}`.execute(
    registry.db,
  );
  return rows.length === 1;
};
const idIn = (answer: { body: { result: { sanction: string } } }): string =>
  answer.body.result.sanction;

describe('the fall of a record and the submission of its derived record', () => {
  let source: string;
  let token: string;
  beforeEach(async () => {
    const { harbour, tubely } = registry.parties;
    token = random32();
    source = await record(registry, harbour, [token]);
    await matchesOf(registry, tubely, [token]);
  });

  test('the derived record first: the fall waits for it, and has it reviewed', async () => {
    const { caseKey, send } = await submission(registry.parties.tubely, token);
    const hold = await holdUp(registry, { caseKey, model: source });
    const submitted = send();
    expect(await answeredOrWaiting(registry, submitted)).toBe('waiting');
    const fallen = withdraw(registry, source);
    await answeredOrWaiting(registry, fallen, 2);
    await hold.rollBack();
    const [derived, fall] = await Promise.all([submitted, fallen]);
    expect([derived.status, fall.status]).toEqual([200, 200]);
    expect(await isReviewed(idIn(derived))).toBe(true);
  });

  test('the fall first: the derived record waits for it, and is reviewed at once', async () => {
    const { send } = await submission(registry.parties.tubely, token);
    const fall = await ctx(async (context) => {
      const locked = (await lockRecord(context, source))!;
      await endSanction(context, locked, { kind: 'reversed', cause: 'error', by: 'panel' });
    });
    const submitted = send();
    await answeredOrWaiting(registry, submitted);
    await fall.commit();
    const derived = await submitted;
    expect(derived.status).toBe(200);
    expect(await isReviewed(idIn(derived))).toBe(true);
  });
});

test('two records on one item of evidence: the second waits for the first, and follows it', async () => {
  const { harbour, tubely, market } = registry.parties;
  const evidence = random32();
  const model = await record(registry, market, [random32()]);
  const { caseKey, send } = await submission(harbour, random32(), evidence);
  const hold = await holdUp(registry, { caseKey, model });
  const first = send();
  expect(await answeredOrWaiting(registry, first)).toBe('waiting');
  const second = (await submission(tubely, random32(), evidence)).send();
  expect(await answeredOrWaiting(registry, second, 2)).toBe('waiting');
  await hold.rollBack();
  const [source, derived] = [idIn(await first), idIn(await second)];
  const { rows } = await sql`select source from derived_records where derived = ${derived}`.execute(
    registry.db,
  );
  expect(rows).toEqual([{ source }]);
});

describe('a suspension and a submission', () => {
  test('the submission first: the suspension waits, and the record is examined again', async () => {
    const { panel } = registry.parties;
    const among = [...panel, ...(await seatReviewers(registry, 4))];
    const item = await accusedHarbour(registry);
    const seated = await seatedOf(registry, { item, among });
    const vote = (by: (typeof seated)[number]) =>
      castVote(registry, { by, item, outcome: 'suspend' });
    for (const by of seated.slice(0, 2)) resultOf(await vote(by));
    const { caseKey, model, send } = await submissionAgain();
    const hold = await holdUp(registry, { caseKey, model });
    const submitted = send();
    expect(await answeredOrWaiting(registry, submitted)).toBe('waiting');
    const suspended = vote(seated[2]!);
    await answeredOrWaiting(registry, suspended, 2);
    await hold.rollBack();
    const [made, last] = await Promise.all([submitted, suspended]);
    expect([made.status, last.status]).toEqual([200, 200]);
    const { rows } = await sql`select from inspections where sanction = ${idIn(made)}
      and why = 're-examination'`.execute(registry.db);
    expect(rows).toHaveLength(1);
  });

  test('the suspension first: the submission waits for it, and is refused', async () => {
    const { harbour } = registry.parties;
    const { send } = await submissionAgain();
    const suspension = await ctx(async (context) => {
      await stopParty(context.db, harbour.id);
      await updateParty(context.db, harbour.id, { submissionsSuspended: true });
    });
    const submitted = send();
    await answeredOrWaiting(registry, submitted);
    await suspension.commit();
    expect(problem(await submitted)).toEqual(['party-suspended']);
  });
});

describe('a leaving and a submission', () => {
  test('the submission first: the leaving waits, and the record ends with the others', async () => {
    const { harbour } = registry.parties;
    const { caseKey, model, send } = await submissionAgain();
    const hold = await holdUp(registry, { caseKey, model });
    const submitted = send();
    expect(await answeredOrWaiting(registry, submitted)).toBe('waiting');
    const left = registry.call(harbour.admin, 'platforms.leave', { party: platformId(harbour) });
    expect(await answeredOrWaiting(registry, left, 2)).toBe('waiting');
    await hold.rollBack();
    const [made, leave] = await Promise.all([submitted, left]);
    expect([made.status, leave.status]).toEqual([200, 200]);
    resultOf(await notify(registry, idIn(made)));
    registry.advance(31 * days);
    const row = await findSanction(registry.db, idIn(made));
    expect(row && standingOf(row, registry.now()).ended?.cause).toBe('submitter-left');
  });

  test('the leaving first: the submission waits for it, and is refused', async () => {
    const { harbour } = registry.parties;
    const { send } = await submissionAgain();
    const leaving = await ctx(async ({ db, now }) => {
      await stopParty(db, harbour.id);
      await updateParty(db, harbour.id, { leftAt: now });
    });
    const submitted = send();
    await answeredOrWaiting(registry, submitted);
    await leaving.commit();
    expect(problem(await submitted)).toEqual(['party-suspended', 'not-active']);
  });
});

test('an erasure and a late acknowledgement: nothing is erased before it, and nothing is left after', async () => {
  const { sanction, recall } = await recallOf(registry);
  registry.advance(400 * days);
  await settleDue(registry.services);
  const hold = await paused(registry.ownerDb, (trx) =>
    trx.selectFrom('recalls').select('id').where('id', '=', recall).forUpdate().execute(),
  );
  const acknowledged = acknowledge(registry, recall);
  expect(await answeredOrWaiting(registry, acknowledged)).toBe('waiting');
  const isErased = async () =>
    (
      await registry.db
        .selectFrom('sanctions')
        .select('erased_at')
        .where('id', '=', sanction)
        .executeTakeFirstOrThrow()
    ).erased_at !== null;
  expect((await settleDue(registry.services)).failures).toEqual([]);
  expect(await isErased()).toBe(false);
  await hold.rollBack();
  expect((await acknowledged).status).toBe(200);
  expect((await settleDue(registry.services)).failures).toEqual([]);
  expect(await isErased()).toBe(true);
  const { rows } = await sql`select from kept_calls where sanction = ${sanction}
    union all select from case_keys where sanction = ${sanction}`.execute(registry.db);
  expect(rows).toEqual([]);
});
