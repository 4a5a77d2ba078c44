import { connect, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;
let owner: Db;

beforeAll(async () => {
  home = await newHome();
  server = await home.start({ RECOURSE_CONCURRENCY: '2' });
  owner = connect({ url: home.database.ownerUrl, connections: 1 });
});
afterAll(async () => {
  await owner.destroy();
  await home.close();
});

test('beyond what runs and waits, calls hear overloaded at once, and what waited is answered afterwards', async () => {
  const key = server.party('Harbour', 'service');
  let free!: () => void;
  const freed = new Promise<void>((resolve) => (free = resolve));
  let lock!: () => void;
  const locked = new Promise<void>((resolve) => (lock = resolve));
  const blocking = owner.transaction().execute(async (trx) => {
    await sql`lock table sanctions in access exclusive mode`.execute(trx);
    lock();
    await freed;
  });
  await locked;
  const from = performance.now();
  const refused: number[] = [];
  const calls = Array.from({ length: 60 }, async () => {
    const answer = await server.call(key, 'sanctions.list', {});
    if (answer.status === 503) {
      refused.push(performance.now() - from);
      return [
        codeOf(answer),
        answer.headers['retry-after'],
        answer.headers['recourse-receipt'],
      ].join(' ');
    }
    return String(answer.status);
  });
  await expect.poll(() => refused.length, { timeout: 4_000 }).toBe(60 - 2 - 32);
  expect((await server.get('/healthz')).status).toBe(200);
  free();
  await blocking;
  const answers = await Promise.all(calls);
  expect(new Set(answers)).toEqual(new Set(['200', 'overloaded 1 ']));
  expect(answers.filter((answer) => answer === '200')).toHaveLength(34);
});
