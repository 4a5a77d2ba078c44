import {
  startTestRegistry,
  testOrigin,
  type TestAnswer,
  type TestRegistry,
} from '@recourse/testkit';
import { toNumericDate } from '@recourse/protocol';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { steps } from '../src/migrations/steps.ts';
import { seenTables } from '../src/schema/figures.ts';
import { settleKind } from '../src/scheduler/settle-due.ts';
import { build } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry();
});
afterEach(() => registry.close());

const list = (iat = toNumericDate(registry.now()), jti = 'j'.repeat(22)) =>
  registry.sign(registry.parties.harbour.service, { op: 'sanctions.list', in: {}, jti, iat });
const send = (compact: string): Promise<TestAnswer> =>
  registry.send('sanctions.list', compact, registry.anotherServer());

const replayed = { status: 409, body: { type: `${testOrigin}/problems/replayed-call` } };

/** Seconds until another table takes calls of that `exp` first. */
const untilTurn = (exp: number): number => 900 - (exp % 900);

/** Moves the clock to where a call that is signed now expires so long before a turn. */
function approachTurn(seconds: number): void {
  const left = untilTurn(toNumericDate(registry.now()) + 120);
  registry.advance(left - seconds);
}

const rowsIn = async (table: string): Promise<number> => {
  const { rows } = await sql`select from ${sql.table(table)}`.execute(registry.db);
  return rows.length;
};

async function usedTables(): Promise<string[]> {
  const used: string[] = [];
  for (const table of seenTables) if ((await rowsIn(table)) > 0) used.push(table);
  return used;
}

const empty = () => settleKind(registry.services, { kind: 'seenCalls' });

async function emptyAll(): Promise<void> {
  approachTurn(-300);
  for (let turn = 0; turn < 3; turn++) {
    registry.advance(900);
    await empty();
  }
}

test('a copy is refused on every server, before a table has its turn, at it and behind it', async () => {
  approachTurn(60);
  const compact = await list();
  expect((await send(compact)).status).toBe(200);
  for (const seconds of [0, 30, 40, 45]) {
    registry.advance(seconds);
    await empty();
    expect(await send(compact)).toMatchObject(replayed);
  }
});

test('of two calls under one jti that reach two servers at once, across a turn, one is answered', async () => {
  for (const before of [1, 5, 60, 119]) {
    approachTurn(before);
    const now = toNumericDate(registry.now());
    const jti = `${before}`.padEnd(22, 'j');
    const calls = [await list(now, jti), await list(now + 6, jti), await list(now - 100, jti)];
    const answers = await Promise.all(calls.map((compact) => send(compact)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  }
});

test('the database empties no table that calls of the next turn may be in', async () => {
  const { db } = registry;
  const turn = Math.ceil(toNumericDate(registry.now()) / 900) * 900;
  const next = seenTables[(turn / 900) % 3]!;
  const emptyAt = (seconds: number) =>
    sql`select empty_seen(${next}, ${new Date((turn - seconds) * 1000)})`.execute(db);
  await emptyAt(900);
  await emptyAt(281);
  for (const seconds of [280, 130, 1])
    await expect(emptyAt(seconds)).rejects.toMatchObject({ code: '23514' });
});

test('a table is emptied before it is used again, and no other; the service role can do no more', async () => {
  await send(await list());
  const used = await usedTables();
  expect(used.length).toBeGreaterThan(0);
  const { db } = registry;
  for (const table of used) {
    const now = registry.now();
    const early = sql`select empty_seen(${table}, ${now})`.execute(db);
    await expect(early).rejects.toMatchObject({ code: '23514' });
    await expect(sql`delete from ${sql.table(table)}`.execute(db)).rejects.toMatchObject({
      code: '42501',
    });
    await expect(sql`truncate ${sql.table(table)}`.execute(db)).rejects.toMatchObject({
      code: '42501',
    });
  }
  await emptyAll();
  for (const table of used) expect(await rowsIn(table)).toBe(0);
});

test('while somebody reads a table, nothing waits for it but its emptying, which is tried again', async () => {
  approachTurn(-200);
  await send(await list());
  const [table = ''] = await usedTables();
  registry.advance(1_800);
  await registry.ownerDb.transaction().execute(async (dump) => {
    await sql`select from ${sql.table(table)}`.execute(dump);
    const emptying = empty();
    expect(
      (await registry.call(registry.parties.harbour.service, 'sanctions.list', {})).status,
    ).toBe(200);
    expect(await emptying).toMatchObject({ settled: 0, failures: [{ id: table }] });
  });
  registry.advance(60);
  expect(await empty()).toMatchObject({ settled: 1 });
  expect(await rowsIn(table)).toBe(0);
});

test('a jti that comes again once it was forgotten is answered, but for one whose answer or openings are kept', async () => {
  const { service } = registry.parties.harbour;
  expect((await send(await list())).status).toBe(200);
  const submission = await build(registry);
  const used = 's'.repeat(22);
  const first = await registry.call(service, 'sanctions.submit', submission, { jti: used });
  expect(first.status).toBe(200);
  await emptyAll();
  expect((await send(await list())).status).toBe(200);
  expect(
    await registry.call(service, 'sanctions.submit', await build(registry), { jti: used }),
  ).toMatchObject(replayed);
});

test('until the contract, what a server of 0.1.0 answered is refused; behind it a group has one row', async () => {
  const { ownerDb } = registry;
  const rows = async (table: string): Promise<number> =>
    (await sql`select from ${sql.table(table)}`.execute(ownerDb)).rows.length;
  await sql`alter table audit add primary key (kid, jti)`.execute(ownerDb);
  await sql`grant insert on audit to recourse_service`.execute(ownerDb);
  await sql`revoke insert on audit_groups from recourse_service`.execute(ownerDb);
  const compact = await list();
  expect((await registry.send('sanctions.list', compact)).status).toBe(200);
  // A server of 0.1.0 writes no more than its row of the audit.
  await sql`truncate seen_0, seen_1, seen_2`.execute(ownerDb);
  expect(await send(compact)).toMatchObject(replayed);
  expect([await rows('audit'), await rows('audit_groups')]).toEqual([1, 0]);

  // Of the contract, what is about the audit: the rest of it stands in a fresh schema already.
  for (const statement of steps.at(-1)!.statements.filter((one) => / audit/.test(one)))
    await sql.raw(statement).execute(ownerDb);
  const { service } = registry.parties.harbour;
  const submissions = await Promise.all(Array.from({ length: 6 }, () => build(registry)));
  // Each learns by itself that the form has changed.
  const mutations = await Promise.all([
    ...submissions.map((input) => registry.call(service, 'sanctions.submit', input)),
    registry.call(service, 'sanctions.submit', { ...submissions[0]!, language: '' } as never),
  ]);
  expect(mutations.map(({ status }) => status)).toEqual([...submissions.map(() => 200), 422]);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => registry.call(service, 'sanctions.list', {})),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect([await rows('audit'), await rows('audited_calls')]).toEqual([1, 16]);
  expect(await rows('audit_groups')).toBeLessThan(15);
});
