import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import process from 'node:process';
import { blind, ready } from '@recourse/blind';
import { toBase64url, utf8 } from '@recourse/protocol';
import { random32 } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild, type ChildServer } from './child-server.ts';
import { newHome, type TestHome } from './run-server.ts';

let home: TestHome;
let server: ChildServer;
beforeAll(async () => {
  await ready();
  home = await newHome();
  const dumps = `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${home.dataDir}`;
  // After those of this run, which may move its clock.
  const options = `${process.env['NODE_OPTIONS'] ?? ''} ${dumps}`;
  server = await startChild(home, { NODE_OPTIONS: options });
}, 120_000);
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exited;
  await home.close();
}, 60_000);

const people = 250;
const atOnce = 10;

/** Asks about somebody without a record. @returns the token, which the registry was shown */
async function askAbout(n: number): Promise<string> {
  const { client } = server;
  const key = client.party('Tubely', 'service');
  const blinded = blind([utf8(`stranger-${n}`)]).blinded.map(toBase64url);
  const evaluate = { purpose: 'monetisation', epochs: [1], blinded };
  const { body } = await client.call(key, 'checks.evaluate', evaluate);
  const token = random32();
  const match = { check: body.result.check, tokens: [{ epoch: 1, token }] };
  const answer = await client.call(key, 'checks.match', match);
  expect([answer.status, answer.body.result?.matches]).toEqual([200, []]);
  return token;
}

const heaps = (): string[] =>
  readdirSync(home.dataDir).filter((name) => name.endsWith('.heapsnapshot'));

/** Whether it ends as JSON does whose last member is a list. */
function isWhole(path: string): boolean {
  const tail = Buffer.alloc(16);
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  readSync(file, tail, 0, tail.length, Math.max(0, size - tail.length));
  closeSync(file);
  return /\]\s*\}\s*$/.test(tail.toString('latin1').replaceAll('\0', ''));
}

/** What a server holds in memory that anything still refers to, as V8 writes it. */
async function heapOf({ child }: ChildServer): Promise<string> {
  for (const name of heaps()) rmSync(join(home.dataDir, name));
  child.kill('SIGUSR2');
  for (let tries = 0; tries < 600; tries++) {
    await delay(100);
    const [file] = heaps();
    if (file !== undefined && isWhole(join(home.dataDir, file)))
      return readFileSync(join(home.dataDir, file), 'latin1');
  }
  throw new Error('no heap snapshot was written');
}

test('of people without a record nothing is kept in memory or printed, also where the registry was asked', async () => {
  const tokens: string[] = [];
  for (let n = 0; n < people; n += atOnce) {
    const some = Array.from({ length: atOnce }, (_, i) => askAbout(n + i));
    tokens.push(...(await Promise.all(some)));
  }
  const tokensIn = (text: string): string[] =>
    tokens.filter(
      (token) =>
        text.includes(token) || text.includes(Buffer.from(token, 'base64url').toString('hex')),
    );
  let found = tokens;
  // A group commit of the audit, and what answers keep for a moment, take longer on a busy machine.
  for (let looks = 0; looks < 8 && found.length > 0; looks++) {
    await delay(2_000);
    const heap = await heapOf(server);
    // What it does hold is found this way.
    expect(heap).toContain(server.client.party('Tubely', 'service').kid);
    found = tokensIn(heap + server.printed());
  }
  expect(found).toEqual([]);
}, 300_000);
