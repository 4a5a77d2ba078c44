import { copyFileSync, readFileSync } from 'node:fs';
import { fromUtf8 } from '@recourse/protocol';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { signedLog } from '../src/demo/ledger/build-log.ts';
import { heldLog, type HeldLog } from '../src/demo/ledger/held-log.ts';
import { serveCopies, type CopyHost } from '../src/demo/ledger/serve-copies.ts';
import { tamperings } from '../src/demo/ledger/tamperings.ts';
import { calls, failureOf, LedgerFixture } from './ledger-fixture.ts';
import { Sandbox } from './sandbox.ts';

// Each act is a process of its own.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let sandbox: Sandbox;
let ledger: LedgerFixture;
let host: CopyHost;
let log: HeldLog;

beforeAll(async () => {
  sandbox = await Sandbox.start();
  ledger = await LedgerFixture.of(sandbox);
  await ledger.recallOnce();
  await ledger.append(Array.from({ length: 300 }, calls));
  host = await serveCopies();
  log = await heldLog({ origin: sandbox.server.origin, dataDir: sandbox.dataDir });
  await ledger.verify('seen.json', '--url', host.add(log.files));
});
afterAll(async () => {
  await host.close();
  await sandbox.stop();
});

it('a copy that nobody touched: verified', async () => {
  const run = await ledger.verify(ledger.freshState(), '--url', host.add(log.files));
  expect([run.code, run.stderr]).toEqual([0, '']);
});

it.each(tamperings)('$what: $expected', async ({ expected, seen, tamper }) => {
  const state = ledger.freshState();
  if (seen) copyFileSync(sandbox.file('seen.json'), sandbox.file(state));
  const run = await ledger.verify(state, '--url', host.add(await tamper(log)));
  expect([run.code, failureOf(run).code]).toEqual([4, expected]);
});

it('what contradicts is kept beside what it contradicts, and the log as it was still holds', async () => {
  const state = ledger.freshState();
  copyFileSync(sandbox.file('seen.json'), sandbox.file(state));
  const old = await signedLog(log.entries.slice(0, -9), log.signer);
  const run = await ledger.verify(state, '--url', host.add(old));
  expect(failureOf(run).code).toBe('rolled-back');
  const { newest, conflicting } = JSON.parse(readFileSync(sandbox.file(state), 'utf8'));
  expect([newest, conflicting]).toEqual(
    [log.files, old].map((files) => fromUtf8(files.get('checkpoint')!)),
  );
  expect((await ledger.verify(state, '--url', host.add(log.files))).code).toBe(0);
});

it('all that breaks a rule is told, with its place, and again by every later run', async () => {
  const state = ledger.freshState();
  copyFileSync(sandbox.file('seen.json'), sandbox.file(state));
  const { forged } = log;
  const entries = [
    ...log.entries,
    forged.acknowledgement(),
    await forged.partyKey(log.origin),
    await forged.registryKey(log.origin),
  ];
  const url = host.add(await signedLog(entries, log.signer));
  const first = failureOf(await ledger.verify(state, '--url', url));
  expect(first.issues).toEqual(
    ['acknowledgement-forged', 'key-not-chained', 'registry-key-not-signed'].map((code, i) => ({
      path: `entry/${log.entries.length + i}`,
      code,
    })),
  );
  expect(failureOf(await ledger.verify(state, '--url', url))).toEqual(first);
  expect(failureOf(await ledger.verify(state, '--url', url, '--anew'))).toEqual(first);
});
