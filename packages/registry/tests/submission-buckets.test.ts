import { random32, startTestRegistry, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { CallHandler } from '../src/calls/handle-call.ts';
import { connect } from '../src/kernel/connect.ts';
import type { Db } from '../src/kernel/database.ts';
import { build, problem } from './sanctions-harness.ts';

const full = 'quota-exceeded,second-holder-required';

let registry: TestRegistry;
const pools: Db[] = [];
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(async () => {
  for (const pool of pools) await pool.destroy();
  await registry.close();
});
afterEach(() => registry.ownerDb.deleteFrom('submission_parts').execute());

const setBucket = async (submissions: number | null): Promise<void> => {
  const { id } = registry.parties.harbour;
  const parties = registry.ownerDb.updateTable('parties').set({ submissions_per_day: submissions });
  await parties.where('id', '=', id).execute();
};

/** A server with connections of its own. */
function startServer(): CallHandler {
  const db = connect({ url: registry.url, role: 'recourse_service', connections: 8 });
  pools.push(db);
  return registry.anotherServer({ ...registry.services, db });
}

type Op = 'sanctions.submit' | 'sanctions.draft';

/** Sends a record about somebody new. */
async function send(
  server?: CallHandler,
  { op = 'sanctions.submit' as Op, statement = {} } = {},
): Promise<TestAnswer> {
  const { service } = registry.parties.harbour;
  const input = await build(registry, { statement, subjects: [{ token: random32() }] });
  return registry.send(op, await registry.sign(service, { op, in: input }), server);
}

/** Sends records, and says how many were taken. */
async function sendMany(count: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: count }, () => send()));
  return answers.filter(({ status }) => status === 200).length;
}

test('three servers and 48 clients spend a bucket of submissions to its last and no further', async () => {
  await setBucket(150);
  const servers = [startServer(), startServer(), startServer()];
  const taken = await Promise.all(
    Array.from({ length: 48 }, async (_, client) => {
      const codes: string[] = [];
      for (let n = 0; n < 5; n++) {
        const answer = await send(servers[client % 3]);
        codes.push(answer.status === 200 ? 'taken' : problem(answer).join());
      }
      return codes;
    }),
  );
  const codes = Map.groupBy(taken.flat(), (code) => code);
  expect([...codes].map(([code, all]) => [code, all.length]).toSorted()).toEqual([
    [full, 90],
    ['taken', 150],
  ]);
});

test('a submission that is refused takes nothing of the bucket, and a draft takes nothing', async () => {
  await setBucket(3);
  const late = registry.now().getTime() / 1000 + 3600;
  for (let n = 0; n < 5; n++) {
    const refused = await send(undefined, { statement: { decided_at: late, incident_to: late } });
    expect(problem(refused)[0]).toBe('invalid-input');
    expect((await send(undefined, { op: 'sanctions.draft' })).status).toBe(200);
  }
  expect(await sendMany(8)).toBe(3);
});

test('a unit comes back when its hour was a day ago', async () => {
  await setBucket(2);
  expect(await sendMany(1)).toBe(1);
  registry.advance(20 * 3600);
  expect(await sendMany(3)).toBe(1);
  registry.advance(3 * 3600);
  expect(await sendMany(1)).toBe(0);
  registry.advance(2 * 3600);
  expect(await sendMany(3)).toBe(1);
  registry.advance(400 * 3600);
  expect(await sendMany(5)).toBe(2);
});

const recordsLeft = async (): Promise<unknown> =>
  (await registry.call(registry.parties.harbour.trust, 'parties.standing', {})).body.result.records;

test('how many are left is said before anybody is refused: of a bucket that operators set', async () => {
  await setBucket(3);
  expect(await recordsLeft()).toEqual({ limit: 3, left: 3 });
  await sendMany(2);
  await send(undefined, { op: 'sanctions.draft' });
  expect(await recordsLeft()).toEqual({ limit: 3, left: 1 });
  await setBucket(1);
  expect(await recordsLeft()).toEqual({ limit: 1, left: 0 });
  registry.advance(25 * 3600);
  expect(await recordsLeft()).toEqual({ limit: 1, left: 1 });
});

test('and of one that is counted', async () => {
  await setBucket(null);
  registry.advance(400 * 3600);
  expect(await recordsLeft()).toEqual({ limit: 20, left: 20 });
  expect(await sendMany(22)).toBe(20);
  expect(await recordsLeft()).toEqual({ limit: 20, left: 0 });
});
