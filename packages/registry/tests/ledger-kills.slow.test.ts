import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  consistencyProofFromTiles,
  verifyCheckpoint,
  verifyConsistency,
  type NoteSigner,
} from '@recourse/ledger';
import { fromBase64url, generateKey, signerFromJwk, type PrivateJwk } from '@recourse/protocol';
import { LedgerReader, Sequencer } from '@recourse/registry';
import {
  startTestRegistry,
  testOrigin,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { KillPoint, Orders } from './ledger-killed.ts';
import { drain, expectWhole, logName, signing, waiting } from './ledger-fixture.ts';

let registry: TestRegistry;
let dir: string;
let logKey: PrivateJwk;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'recourse-kills-'));
  logKey = await generateKey();
});
afterAll(() => rmSync(dir, { recursive: true }));
beforeEach(async () => {
  // Its servers are processes of their own, by the clock of the machine.
  registry = await startTestRegistry({ startsAt: new Date() });
});
afterEach(() => registry.close());

const writes = {
  change: 'UpdateQueryNode.*parties',
  sealed: 'insert into audit',
  taking: 'delete from ledger_pending',
  growth: 'update ledger_state',
  checkpoint: 'InsertQueryNode.*ledger_checkpoints',
};
const around = (matches: string): KillPoint[] =>
  (['before', 'answered', 0] as const).map((when) => ({ matches, nth: 1, when }));
const points: KillPoint[] = [
  ...Object.values(writes).flatMap(around),
  { matches: writes.growth, nth: 2, when: 1 },
  { matches: writes.growth, nth: 2, when: 3 },
  { matches: writes.sealed, nth: 3, when: 1 },
  { matches: '', nth: 1, when: 'before-kept' },
  { matches: '', nth: 2, when: 'kept' },
];

/** The writes of a sequencer and signer alone. */
const ofStep: KillPoint[] = [
  ...[writes.taking, writes.growth, writes.checkpoint].flatMap(around),
  { matches: '', nth: 1, when: 'before-kept' },
  { matches: '', nth: 1, when: 'kept' },
];

const moduleOf = new URL('ledger-killed.ts', import.meta.url).pathname;

interface LoggedAnswer {
  op: string;
  status: number;
  receipt: string;
}

const start = () =>
  spawn(process.execPath, ['--conditions=@recourse/source', moduleOf], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });

/** Runs a server until it kills itself. @returns what it had answered */
async function killed(orders: Orders): Promise<LoggedAnswer[]> {
  const child = start();
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(JSON.stringify(orders));
  const [code, signal] = await once(child, 'close');
  // Otherwise it came to no such point, or found the ledger at fault.
  expect([orders.point, code, signal]).toEqual([orders.point, null, 'SIGKILL']);
  const lines = Buffer.concat(chunks).toString().trimEnd().split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as LoggedAnswer);
}

const entryOf = ({ receipt }: LoggedAnswer): string => {
  const [, payload] = receipt.split('.').slice(2);
  return String(JSON.parse(Buffer.from(payload!, 'base64url').toString()).entry);
};

/** A change that nobody else makes, and some reads. */
async function callsOf(platform: TestPlatform, policies: string[]): Promise<Orders['calls']> {
  const change = { op: 'parties.setPolicies', in: { policies } } as const;
  const read = { op: 'sanctions.list', in: {} } as const;
  return [
    { op: change.op, compact: await registry.sign(platform.admin, change) },
    { op: read.op, compact: await registry.sign(platform.service, read) },
    { op: read.op, compact: await registry.sign(platform.service, read) },
  ];
}

/** One server after the other, each killed at its point; the change is then sent again, to one that lives. */
async function lane(
  platform: TestPlatform,
  mine: readonly KillPoint[],
  rounds = 20,
): Promise<LoggedAnswer[]> {
  const answers: LoggedAnswer[] = [];
  const { registration } = await registry.db
    .selectFrom('parties')
    .select('registration')
    .where('id', '=', platform.id)
    .executeTakeFirstOrThrow();
  const policies = [...registration!.policies];
  const common = { url: registry.url, origin: testOrigin, name: logName, logKey, rounds };
  for (const [i, point] of mine.entries()) {
    policies.push(`https://policies.example/${i}`);
    const calls = await callsOf(platform, [...policies]);
    answers.push(...(await killed({ ...common, calls, point, copyAt: join(dir, platform.id) })));
    const { op, compact } = calls[0]!;
    const { status, raw } = await registry.send(op, compact);
    answers.push({ op, status, receipt: raw.receipt! });
  }
  return answers;
}

/** Nothing waits, nothing is lost or there twice, and all that was signed is one history. */
async function expectAllLogged(answers: readonly LoggedAnswer[]): Promise<string[]> {
  await drain(new Sequencer(registry.db));
  expect(await waiting(registry.db)).toEqual([]);
  const entries = await expectWhole(registry.db);
  expect(new Set(entries).size).toBe(entries.length);
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  const rows = await registry.db.selectFrom('ledger_entries').select('leaf').execute();
  const leaves = new Set(rows.map(({ leaf }) => Buffer.from(leaf).toString('base64url')));
  expect(answers.map(entryOf).filter((leaf) => !leaves.has(leaf))).toEqual([]);
  return entries;
}

test('servers killed at each of their writes lose nothing that was answered and log nothing twice', async () => {
  const { harbour, tubely } = registry.parties;
  const half = Math.ceil(points.length / 2);
  const lanes = await Promise.all([
    lane(harbour, points.slice(0, half)),
    lane(tubely, points.slice(half)),
  ]);
  const entries = await expectAllLogged(lanes.flat());
  const changes = entries.filter((entry) => entry.includes('"party-registered"'));
  expect(changes).toHaveLength(points.length);
}, 120_000);

async function logSigner(): Promise<NoteSigner> {
  const signer = await signerFromJwk(logKey);
  if (signer.publicJwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  const publicKey = fromBase64url(signer.publicJwk.x);
  const key = { name: logName, type: 'ed25519', publicKey } as const;
  return { key, sign: (message) => signer.sign(message) };
}

/** Answers reads, sequences and signs until it is told to stop, in this process. */
function goesOn(signer: NoteSigner, signed: string[]): () => Promise<LoggedAnswer[]> {
  const answers: LoggedAnswer[] = [];
  const stopping = new AbortController();
  const sequencer = new Sequencer(registry.db);
  const until = async (act: () => Promise<unknown>): Promise<void> => {
    while (!stopping.signal.aborted) {
      await act();
      // The one that is killed comes to its point only when it has a turn.
      await delay(10);
    }
  };
  const running = Promise.all([
    until(async () => {
      await sequencer.step();
      await signing(registry.db, signer, signed);
    }),
    until(async () => {
      const op = 'sanctions.list';
      const { status, raw } = await registry.call(registry.parties.tubely.service, op, {});
      answers.push({ op, status, receipt: raw.receipt! });
    }),
  ]);
  running.catch(() => undefined);
  return async () => {
    stopping.abort();
    await running;
    return answers;
  };
}

/** Each checkpoint verifies, and is the beginning of the next larger one. */
async function expectOneHistory(notes: readonly string[], { key }: NoteSigner): Promise<void> {
  const reader = new LedgerReader(registry.db);
  const policy = { log: key, witnesses: [], threshold: 0 };
  const opened = await Promise.all(notes.map((note) => verifyCheckpoint(note, policy)));
  const heads = opened.map(({ checkpoint }) => checkpoint).toSorted((a, b) => a.size - b.size);
  for (const [i, { size, root }] of heads.slice(1).entries()) {
    const old = heads[i]!;
    const proof = await consistencyProofFromTiles(
      { oldSize: old.size, size },
      async (level, index, width) =>
        (await reader.tile({ level, index, width })) ?? new Uint8Array(),
    );
    verifyConsistency({ oldSize: old.size, oldRoot: old.root, size, root, proof });
  }
}

test('one of two servers killed at each write of a step, while the other goes on, loses and forks nothing', async () => {
  const signer = await logSigner();
  const signed: string[] = [];
  const stop = goesOn(signer, signed);
  const { harbour } = registry.parties;
  const killedAnswers = await lane(harbour, ofStep, 2_000);
  const answers = await stop();
  const entries = await expectAllLogged([...killedAnswers, ...answers]);
  expect(entries.filter((entry) => entry.includes('"party-registered"'))).toHaveLength(
    ofStep.length,
  );
  const byKilled = readFileSync(join(dir, `${harbour.id}.signed`), 'utf8')
    .trimEnd()
    .split('\n');
  const stored = await registry.db.selectFrom('ledger_checkpoints').select('note').execute();
  const notes = byKilled.map((line) => JSON.parse(line) as string);
  // Otherwise it was no race.
  expect([notes.length, signed.length].every((count) => count > 3)).toBe(true);
  await expectOneHistory([...notes, ...signed, ...stored.map(({ note }) => note)], signer);
}, 120_000);
