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

/** Keeps every call waiting until it is let go. */
async function lockRecords() {
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
  return async () => {
    free();
    await blocking;
  };
}

/** The answers to so many calls at once, and how many were refused until now. */
function callAll(count: number, localAddress: string) {
  const key = server.party('Harbour', 'service');
  const state = { refused: 0 };
  const answers = Array.from({ length: count }, async () => {
    const compact = await server.sign(key, 'sanctions.list', {});
    const answer = await server.post('/call/sanctions.list', compact, { localAddress });
    if (answer.status !== 503) return String(answer.status);
    state.refused++;
    const { headers } = answer;
    return [codeOf(answer), headers['retry-after'], headers['recourse-receipt']].join(' ');
  });
  return { state, answers: Promise.all(answers) };
}

test('one address has half of the places; the rest hears overloaded at once, and what waited is answered', async () => {
  const free = await lockRecords();
  const flood = callAll(60, '127.0.0.2');
  await expect.poll(() => flood.state.refused, { timeout: 20_000 }).toBeGreaterThanOrEqual(60 - 17);
  // Others have the places that are left, and other work has its own.
  const others = callAll(17, '127.0.0.3');
  expect((await server.get('/healthz')).status).toBe(200);
  for (const path of ['/governance.json', '/parties', '/ledger/checkpoint']) {
    expect([path, (await server.get(path)).status]).toEqual([path, 200]);
  }
  // The flood came first: once one of it has waited its five seconds, others may have, too. Before, nobody has.
  const isEarly = flood.state.refused === 60 - 17;
  expect(isEarly ? others.state.refused : 0).toBe(0);
  await free();
  const answers = await flood.answers;
  expect(new Set(answers)).toEqual(new Set(['200', 'overloaded 1 ']));
  const answered = answers.filter((answer) => answer === '200').length;
  expect([answered > 0, answered <= 17]).toEqual([true, true]);
  const theirs = await others.answers;
  expect(isEarly ? theirs : ['200']).toContain('200');
});
