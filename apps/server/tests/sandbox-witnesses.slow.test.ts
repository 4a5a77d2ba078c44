import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeAddCheckpoint,
  encodeNote,
  parseNote,
  parseSignatures,
  parseVerifierKey,
  verifyNote,
} from '@recourse/ledger';
import { policyFingerprint, type LoggedWitnessPolicy } from '@recourse/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChild } from './child-server.ts';
import { eventually } from './eventually.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';
import { grown, witnessedSize } from './witnessed-home.ts';
import { logInto } from './log-into.ts';

let home: TestHome;
let server: TestServer;
beforeAll(async () => {
  home = await newHome();
  server = await home.start();
});
afterAll(() => home.close());

const policyOf = async (server: TestServer): Promise<LoggedWitnessPolicy> =>
  (await server.get('/.well-known/recourse')).body.ledger.policies.at(-1).detail;
const path = '/sandbox/witness/harbour/add-checkpoint';
const text = { headers: { 'Content-Type': 'text/plain' } };

interface WitnessCall {
  note: string;
  size: number;
  answer: { status: number; headers: Record<string, unknown>; text: string };
}

/** Sends Harbour's witness the served checkpoint as the log signed it, without a proof. */
async function ask(server: TestServer, oldSize?: number): Promise<WitnessCall> {
  const served = parseNote((await server.get('/ledger/checkpoint')).text);
  const note = encodeNote({ ...served, signatures: served.signatures.slice(0, 1) });
  const size = Number(served.text.split('\n')[1]);
  const body = encodeAddCheckpoint({ oldSize: oldSize ?? size, proof: [], note });
  return { note, size, answer: await server.post(path, body, text) };
}

describe('the sample platforms of a sandbox', () => {
  test('witness it, two of three, from its first moment on', async () => {
    const { threshold, witnesses } = await policyOf(server);
    const ids = ['Harbour', 'Tubely', 'Marketo'].map((name) => server.party(name, 'service').party);
    expect([threshold, witnesses.map(({ party }) => party)]).toEqual([2, ids]);
    expect(await witnessedSize(server)).toBeGreaterThan(0);
  });

  test('are pinned by the file of the sandbox, and every policy is published from the first on', async () => {
    const { policy } = JSON.parse(readFileSync(join(home.dataDir, 'sandbox.json'), 'utf8')) as {
      policy: string;
    };
    expect(policy).toBe(policyFingerprint(await policyOf(server)));
    const { body } = await server.get('/.well-known/recourse');
    const policies = body.ledger.policies as { type: string; detail: LoggedWitnessPolicy }[];
    expect(policies.map(({ type, detail }) => [type, detail.threshold])).toEqual([
      ['witness-policy', 0],
      ['witness-policy', 1],
      ['witness-policy', 2],
      ['witness-policy', 2],
    ]);
  });

  test('answer whoever asks them', async () => {
    // A sandbox still writes after it is ready: the witness may be ahead of what was just read.
    const { note, size, answer } = await eventually(
      () => ask(server),
      (asked) => asked.answer.status === 200,
    );
    const [{ key } = { key: '' }] = (await policyOf(server)).witnesses;
    const signatures = parseSignatures(answer.text);
    const cosigned = encodeNote({ text: parseNote(note).text, signatures });
    expect(answer.status).toBe(200);
    await expect(verifyNote(cosigned, [parseVerifierKey(key)])).resolves.toBeDefined();
    const behind = (await ask(server, 0)).answer;
    expect([behind.status, behind.headers['content-type']]).toEqual([409, 'text/x.tlog.size']);
    expect(behind.text).toMatch(/^[1-9]\d*\n$/);
    expect(Number(behind.text)).toBeGreaterThanOrEqual(size);
    expect((await server.post(path, 'old', text)).status).toBe(400);
    expect((await server.post(path, 'x'.repeat(70_000), text)).status).toBe(413);
    expect((await server.post(path.replace('harbour', 'other'), 'old', text)).status).toBe(404);
    expect((await server.post(`${path}?x`, 'old', text)).status).toBe(404);
  });
});

test('a sandbox that was killed comes up again with the same witnesses, and they go on', async () => {
  const { witnesses } = await policyOf(server);
  await server.stop();
  const { child, exited } = await startChild(home);
  child.kill('SIGKILL');
  await exited;
  const lines: string[] = [];
  const log = logInto(lines);
  const again = await home.start({}, { log });
  const before = await witnessedSize(again);
  expect((await policyOf(again)).witnesses).toEqual(witnesses);
  expect(await grown(again)).toBeGreaterThan(before);
  expect(lines.filter((line) => line.startsWith('Witness'))).toEqual([]);
});
