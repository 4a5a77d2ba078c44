import { randomBytes } from 'node:crypto';
import { connectAs, sandboxIdentity } from '@recourse/cli';
import { fromUtf8, jcs, toBase64url, toTimestamp, type Entry } from '@recourse/protocol';
import type { LedgerState } from '@recourse/verify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sanctionsIn } from '../src/import-samples.ts';
import { signedLog } from '../src/ledger/build-log.ts';
import { heldLog, type HeldLog } from '../src/ledger/held-log.ts';
import {
  serveCopies,
  type CopyHost,
  verifyCopy,
  type Verification,
} from '../src/ledger/try-tampering.ts';
import { tamperings } from '../src/ledger/tamperings.ts';
import { recordAndCheck, startSandbox, type Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let host: CopyHost;
let log: HeldLog;
/** State of a reader who verified the log as it was */
let seen: LedgerState;

beforeAll(async () => {
  sandbox = await startSandbox();
  await recallOnce();
  await append(300);
  host = await serveCopies();
  log = await heldLog(sandbox);
  ({ state: seen } = await verifyCopy(log, { url: host.add(log.files), seen: {} }));
});
afterAll(async () => {
  await host.close();
  await sandbox.stop();
});

/** A record that was told, withdrawn, recalled, and the recall acknowledged. */
async function recallOnce(): Promise<void> {
  const imported = await recordAndCheck(sandbox, ['listed-1.example']);
  const [sanction] = sanctionsIn(imported).values();
  const harbour = connectAs(await sandboxIdentity(sandbox.dataDir, 'Harbour'));
  await harbour.sanctions.withdraw({ sanction: sanction as `snc_${string}`, cause: 'error' });
  const tubely = connectAs(await sandboxIdentity(sandbox.dataDir, 'Tubely'));
  for await (const { recall } of tubely.recalls.open()) {
    await tubely.recalls.acknowledge({ recall, action: 'never-acted', copies: 'deleted' });
  }
}

/** The registry logs and signs them like its own. */
async function append(count: number): Promise<void> {
  const { sql } = sandbox;
  const at = toTimestamp(new Date());
  const entries = Array.from({ length: count }, (): string => {
    const calls: Entry = { v: 1, type: 'calls', at, count: 1, root: toBase64url(randomBytes(32)) };
    return jcs(calls);
  });
  await sql`insert into ledger_pending (entries, at) values (${entries}, now())`;
  await vi.waitFor(
    async () => {
      const [left] = await sql`
        select (select count(*)::int from ledger_pending) as waiting,
          (select size::int from ledger_state)
            - (select coalesce(max(size), 0)::int from ledger_served) as unsigned`;
      expect(left).toEqual({ waiting: 0, unsigned: 0 });
    },
    { timeout: 60_000, interval: 100 },
  );
}

const verify = (url: string, state: LedgerState = seen): Promise<Verification> =>
  verifyCopy(log, { url, seen: state });

it('a copy that nobody touched: verified', async () => {
  expect((await verify(host.add(log.files), {})).code).toBe('verified');
});

it.each(tamperings)('$what: $expected', async ({ expected, seen: isSeen, tamper }) => {
  const { code } = await verify(host.add(await tamper(log)), isSeen ? seen : {});
  expect(code).toBe(expected);
});

it('what contradicts is kept beside what it contradicts, and the log as it was still holds', async () => {
  const old = await signedLog(log.entries.slice(0, -9), log.signer);
  const { code, state } = await verify(host.add(old));
  expect(code).toBe('rolled-back');
  expect([state.newest, state.conflicting]).toEqual(
    [log.files, old].map((files) => fromUtf8(files.get('checkpoint')!)),
  );
  expect((await verify(host.add(log.files), state)).code).toBe('verified');
});

it('all that breaks a rule is told, with its place, and again by every later run', async () => {
  const { forged } = log;
  const entries = [
    ...log.entries,
    forged.acknowledgement(),
    await forged.partyKey(log.origin),
    await forged.registryKey(log.origin),
  ];
  const url = host.add(await signedLog(entries, log.signer));
  const { issues, state } = await verify(url);
  expect(issues).toEqual(
    ['acknowledgement-forged', 'key-not-chained', 'registry-key-not-signed'].map((code, i) => ({
      path: `entry/${log.entries.length + i}`,
      code,
    })),
  );
  expect((await verify(url, state)).issues).toEqual(issues);
  expect((await verify(url, { newest: state.newest! })).issues).toEqual(issues);
});
