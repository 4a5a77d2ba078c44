import { newCaseSecret } from '@recourse/protocol';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from '@recourse/registry';
import { rounds } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, creatorAct, newJti } from './sample-case.ts';

const guesses = rounds(3_000, 10_000);
const connections = 400;

let home: TestHome;
let server: TestServer;
let code: string;
let key: string;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
  code = await codeOfSample(server, 'scam');
  key = newCaseSecret(randomBytes);
  await creatorAct(server, 'case.claim', { code, newKey: key });
});
afterAll(() => home?.close());

function flood(): Promise<Record<string, number>> {
  const program = fileURLToPath(new URL('browser/guess.ts', import.meta.url));
  const args = [program, server.url, String(guesses), String(connections)];
  const guessing = spawn(process.execPath, ['--conditions=@recourse/source', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  guessing.stdin.end(code);
  return text(guessing.stdout).then((output) => JSON.parse(output) as Record<string, number>);
}

/** What a creator at an address hears, by program and by page, one request after another until it ends. */
async function heardAt(localAddress: string, until: Promise<unknown>) {
  const json = { headers: { 'Content-Type': 'application/json' }, localAddress };
  const form = { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, localAddress };
  const statuses: number[] = [];
  const took: number[] = [];
  const over = new AbortController();
  void until.finally(() => over.abort());
  for (let i = 0; !over.signal.aborted; i++) {
    const secret = i % 2 === 0 ? key : code;
    const from = performance.now();
    const answer = await (i % 4 < 2
      ? server.post('/trpc/case.open', JSON.stringify({ jti: newJti(), code: secret }), json)
      : server.post('/case', `code=${secret}`, form));
    statuses.push(answer.status);
    took.push(performance.now() - from);
    await sleep(20);
  }
  took.sort((a, b) => a - b);
  return { statuses, median: took[took.length >> 1] ?? 0, worst: took.at(-1) ?? 0 };
}

test(`${guesses} wrong codes are limited and alarmed, and the creator behind the same address is heard each time`, async () => {
  const flooding = flood();
  await sleep(500);
  const [same, other] = await Promise.all([
    heardAt('127.0.0.3', flooding),
    heardAt('127.0.0.7', flooding),
  ]);
  const counts = await flooding;
  for (const { statuses } of [same, other]) {
    expect(statuses.length).toBeGreaterThan(3);
    expect(new Set(statuses)).toEqual(new Set([200]));
  }
  const own = ({ statuses, median, worst }: typeof same) => ({
    times: statuses.length,
    median: Math.round(median),
    worst: Math.round(worst),
  });
  console.log('guesses', counts, 'same address', own(same), 'another', own(other));
  // Each that was among the guesses too.
  expect(counts['right 200']).toBe(guesses / 500);
  expect(counts['right 429']).toBeUndefined();
  // A burst of twenty is told what is wrong; the rest only that it is too much.
  expect(counts['wrong 404']).toBeLessThan(40);
  expect(counts['wrong 429']).toBeGreaterThan(guesses * 0.9);
  expect(await alarms()).toEqual(expect.arrayContaining([100, 1000]));
}, 600_000);

async function alarms(): Promise<number[]> {
  const db = connect({ url: home.database.ownerUrl, connections: 1 });
  const rows = await db.selectFrom('alarms').select('counts').execute();
  await db.destroy();
  return rows.flatMap(({ counts }) => counts['inOneHour'] ?? []);
}
