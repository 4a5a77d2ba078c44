import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey, type PrivateJwk } from '@recourse/protocol';
import { Sequencer } from '@recourse/registry';
import {
  startTestRegistry,
  testOrigin,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KillPoint, Orders } from './ledger-killed.ts';
import { drain, expectWhole, logName, waiting } from './ledger-fixture.ts';

let registry: TestRegistry;
let dir: string;
let logKey: PrivateJwk;
beforeAll(async () => {
  registry = await startTestRegistry();
  dir = mkdtempSync(join(tmpdir(), 'recourse-kills-'));
  logKey = await generateKey();
  const compiling = start();
  compiling.stdin.end();
  await once(compiling, 'close');
});
afterAll(async () => {
  await registry.close();
  rmSync(dir, { recursive: true });
});

const writes = {
  change: 'UpdateQueryNode.*parties',
  sealed: 'insert into audit',
  taking: 'delete from ledger_pending',
  growth: 'update ledger_state',
  checkpoint: 'InsertQueryNode.*ledger_checkpoints',
};
const points: KillPoint[] = [
  ...Object.values(writes).flatMap((matches): KillPoint[] =>
    (['before', 'answered', 0] as const).map((when) => ({ matches, nth: 1, when })),
  ),
  { matches: writes.growth, nth: 2, when: 1 },
  { matches: writes.growth, nth: 2, when: 3 },
  { matches: writes.sealed, nth: 3, when: 1 },
  { matches: '', nth: 1, when: 'before-kept' },
  { matches: '', nth: 2, when: 'kept' },
];

const moduleOf = new URL('ledger-killed.ts', import.meta.url).pathname;

interface Answered {
  op: string;
  status: number;
  receipt: string;
}

/** Processes that are killed keep nothing of what they compiled: one that is not does it for them. */
const start = () =>
  spawn(process.execPath, ['--conditions=@recourse/source', moduleOf], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(dir, 'compiled') },
  });

/** Runs a server until it kills itself. @returns what it had answered */
async function killed(orders: Orders): Promise<Answered[]> {
  const child = start();
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(JSON.stringify(orders));
  const [code, signal] = await once(child, 'close');
  // Otherwise it came to no such point, or found the ledger at fault.
  expect([orders.point, code, signal]).toEqual([orders.point, null, 'SIGKILL']);
  const lines = Buffer.concat(chunks).toString().trimEnd().split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Answered);
}

const entryOf = ({ receipt }: Answered): string => {
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
async function lane(platform: TestPlatform, mine: readonly KillPoint[]): Promise<Answered[]> {
  const answers: Answered[] = [];
  const { registration } = await registry.db
    .selectFrom('parties')
    .select('registration')
    .where('id', '=', platform.id)
    .executeTakeFirstOrThrow();
  const policies = [...registration!.policies];
  const of = { url: registry.url, origin: testOrigin, name: logName, logKey };
  for (const [i, point] of mine.entries()) {
    policies.push(`https://policies.example/${i}`);
    const calls = await callsOf(platform, [...policies]);
    answers.push(...(await killed({ ...of, calls, point, copyAt: join(dir, platform.id) })));
    const { op, compact } = calls[0]!;
    const { status, raw } = await registry.send(op, compact);
    answers.push({ op, status, receipt: raw.receipt! });
  }
  return answers;
}

test('servers killed at each of their writes lose nothing that was answered and log nothing twice', async () => {
  const { harbour, tubely } = registry.parties;
  const half = Math.ceil(points.length / 2);
  const lanes = await Promise.all([
    lane(harbour, points.slice(0, half)),
    lane(tubely, points.slice(half)),
  ]);
  await drain(new Sequencer(registry.db));
  expect(await waiting(registry.db)).toEqual([]);
  const entries = await expectWhole(registry.db);
  expect(new Set(entries).size).toBe(entries.length);

  const answers = lanes.flat();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  const rows = await registry.db.selectFrom('ledger_entries').select('leaf').execute();
  const leaves = new Set(rows.map(({ leaf }) => Buffer.from(leaf).toString('base64url')));
  expect(answers.map(entryOf).filter((leaf) => !leaves.has(leaf))).toEqual([]);

  const changes = entries.filter((entry) => entry.includes('"party-registered"'));
  expect(changes).toHaveLength(points.length);
}, 120_000);
