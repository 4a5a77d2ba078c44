import { encodeVerifierKey, type NoteSigner } from '@recourse/ledger';
import {
  majorityOf,
  policyFingerprint,
  type Entry,
  type LoggedWitnessPolicy,
} from '@recourse/protocol';
import { openCheckpoint } from '@recourse/verify';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEnvironment } from '../src/environment.ts';
import { trustedLog } from '../src/ledger/log-options.ts';
import { newSigner, StaticLog } from './static-log.ts';

const dir = mkdtempSync(join(tmpdir(), 'recourse-cli-policy-'));
const config = join(dir, 'config.json');
const party = 'plt_01hzy3v7q8e9k4m5n6p7r8s9t0';

let log: StaticLog;
let witness: NoteSigner;

const policyOf = (witnesses: readonly NoteSigner[]): LoggedWitnessPolicy => ({
  threshold: majorityOf(witnesses.length),
  witnesses: witnesses.map(({ key }) => ({ party, key: encodeVerifierKey(key) })),
});
const entryOf = (policy: LoggedWitnessPolicy, at: string): Entry => ({
  v: 1,
  type: 'witness-policy',
  at,
  detail: policy,
});

beforeAll(async () => {
  log = await StaticLog.start();
  witness = await newSigner('witness.test', 'cosignature');
  log.entries = [
    entryOf(policyOf([]), '2026-03-01T00:00:00Z'),
    entryOf(policyOf([witness]), '2026-03-02T00:00:00Z'),
  ];
  [log.policies, log.cosigners] = [log.entries, [witness]];
  profile(policyFingerprint(policyOf([])));
});
afterAll(() => {
  log.stop();
  rmSync(dir, { recursive: true });
});

function profile(policy: string): void {
  const { url: origin, logKid } = log;
  const profiles = { default: { origin, logKid, policy, party, keys: {} } };
  writeFileSync(config, JSON.stringify({ profiles }), { mode: 0o600 });
}

const trusted = () => trustedLog({ config }, readEnvironment({}, { stdout: {}, stderr: {} }));

it('the policy of the profile is followed, and enforced', async () => {
  const { policy } = await trusted();
  expect(policy).toEqual({ log: log.signer.key, witnesses: [witness.key], threshold: 1 });
  expect((await openCheckpoint(await log.checkpoint(), policy)).checkpoint.size).toBe(2);
  log.cosigners = [];
  const bare = openCheckpoint(await log.checkpoint(), policy);
  await expect(bare).rejects.toMatchObject({ code: 'witnesses-missing' });
});

it('a registry cannot go back to a policy with fewer witnesses', async () => {
  log.policies = log.entries.slice(0, 1);
  await expect(trusted()).rejects.toMatchObject({ code: 'policy-unknown' });
  log.policies = log.entries;
});

it('a registry that does not publish what was pinned is not believed', async () => {
  profile('A'.repeat(43));
  await expect(trusted()).rejects.toMatchObject({ code: 'policy-unknown' });
});
