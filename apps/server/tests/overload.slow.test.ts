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

const signAll = (count: number): Promise<string[]> => {
  const key = server.party('Harbour', 'service');
  return Promise.all(Array.from({ length: count }, () => server.sign(key, 'sanctions.list', {})));
};

/** The answers to signed calls at once, and how many were refused until now. */
function sendAll(calls: readonly string[], localAddress: string) {
  const state = { refused: 0 };
  const answers = calls.map(async (compact) => {
    const answer = await server.post('/call/sanctions.list', compact, { localAddress });
    if (answer.status !== 503) return String(answer.status);
    state.refused++;
    const { headers } = answer;
    return [codeOf(answer), headers['retry-after'], headers['recourse-receipt']].join(' ');
  });
  return { state, answers: Promise.all(answers) };
}

/** A call waits so long for its turn. */
const waitMs = 5_000;

interface Round {
  readonly flood: readonly string[];
  readonly others: readonly string[];
  /** How many of the others were refused while the flood had its places */
  readonly refusedBeside: number;
  readonly tookMs: number;
}

/** A flood from one address, calls from another beside it, and what they are answered once they are let go. */
async function round(): Promise<Round> {
  const [many, few] = [await signAll(60), await signAll(17)];
  const free = await lockRecords();
  const from = performance.now();
  const flood = sendAll(many, '127.0.0.2');
  await expect.poll(() => flood.state.refused).toBeGreaterThanOrEqual(60 - 17);
  // Others have the places that are left, and other work has its own.
  const others = sendAll(few, '127.0.0.3');
  expect((await server.get('/healthz')).status).toBe(200);
  for (const path of ['/governance.json', '/parties', '/ledger/checkpoint']) {
    expect([path, (await server.get(path)).status]).toEqual([path, 200]);
  }
  const refusedBeside = others.state.refused;
  await free();
  const tookMs = performance.now() - from;
  return { flood: await flood.answers, others: await others.answers, refusedBeside, tookMs };
}

test('one address has half of the places; the rest hears overloaded at once, and what waited is answered', async () => {
  let played = await round();
  // On a busy machine a round may last until calls have waited as long as they may: it shows nothing of the places.
  while (played.tookMs > waitMs - 1_000) played = await round();
  const answered = ({ flood }: Round): number => flood.filter((answer) => answer === '200').length;
  expect(new Set(played.flood)).toEqual(new Set(['200', 'overloaded 1 ']));
  expect(answered(played)).toBe(17);
  expect(played.refusedBeside).toBe(0);
  expect(new Set(played.others)).toEqual(new Set(['200']));
}, 240_000);
