import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { entryLeafHash } from '@recourse/protocol';
import {
  LedgerReader,
  readFacts,
  readPolicies,
  recordFacts,
  type CallHandler,
  type Services,
} from '@recourse/registry';
import type { ServerConfig } from '../config/config.ts';
import { sandboxFile } from '../data-dir.ts';
import { ServerError } from '../errors.ts';
import { currentFingerprint } from '../ledger/current-fingerprint.ts';
import type { Log } from '../log.ts';
import { castOperators, castPanel, castPlatform, type SamplePlatform } from './cast.ts';
import { addPerson } from './keys.ts';
import type { SandboxClock } from './sandbox-clock.ts';
import { SandboxRegistry, type SandboxKey } from './sandbox-registry.ts';
import { loadSandboxSeed } from './sandbox-seed.ts';
import { sampleNames, samplePlatforms } from './sample-platforms.ts';
import type { SandboxWitnesses } from './sandbox-witnesses.ts';
import { samples } from './samples.ts';
import { submitSample } from './submit-sample.ts';

const doneFact = 'sandbox-complete';

interface SandboxOptions {
  readonly config: ServerConfig;
  readonly services: Services;
  readonly calls: CallHandler;
  readonly clock: SandboxClock;
  /** None where another server of this data directory runs them */
  readonly witnesses: SandboxWitnesses | undefined;
  readonly log: Log;
}

/** When the registry of a sandbox is said to have opened: some months before its first start. */
export const sandboxBirth = (config: Pick<ServerConfig, 'dataDir'>): Date =>
  loadSandboxSeed(config.dataDir).bornAt;

/**
 * Makes the parties and records of a sandbox through the same operations that real ones come by, once. Killed in
 * between, the next start runs all of it again: keys, codes and statements derive from the seed, so each call is the
 * same call and gets the answer it got.
 */
export async function setUpSandbox(options: SandboxOptions): Promise<void> {
  const { config, services, clock, log } = options;
  if (await isSetUp(options)) return;
  if (config.role === 'api') return untilSetUp(options);
  const seed = loadSandboxSeed(config.dataDir);
  const registry = new SandboxRegistry({ ...options, seed });
  clock.standAt(seed.bornAt);
  try {
    log.progress('Enrolling operators, panel and three sample platforms');
    const operators = await castOperators(registry);
    const platforms = {
      harbour: await castPlatform(registry, operators, samplePlatforms.harbour),
      tubely: await castPlatform(registry, operators, samplePlatforms.tubely),
      marketo: await castPlatform(registry, operators, samplePlatforms.marketo),
    };
    for (const name of sampleNames) {
      const witness = options.witnesses?.registration(name);
      const call = { in: witness ?? { key: null }, idem: `witness/${name}` };
      if (witness) await registry.call(platforms[name].admin, 'parties.witness', call);
    }
    const panel = await castPanel(registry, operators, { affiliatedTo: platforms.tubely.id });
    log.progress(`Submitting ${samples.length} sample sanctions`);
    // In the order of their dates: nobody knows yet of what comes later.
    for (const sample of samples.toSorted((a, b) => b.submitted - a.submitted)) {
      await submitSample(registry, sample, platforms[sample.by]);
    }
    await untilWitnessed(services.db);
    const { id: party, name, admin } = platforms.harbour;
    const person = { party, name, label: 'harbour/support', role: 'support' } as const;
    const support = await addPerson(registry, person, admin);
    const keys = [...operators, ...panel, ...Object.values(platforms).flatMap(keysOf), support];
    await writeKeys(registry, keys, config.dataDir);
  } finally {
    clock.run();
  }
  await recordFacts(services.db, [{ name: doneFact, value: 'yes' }], clock.now());
}

async function isSetUp({ services, config }: SandboxOptions): Promise<boolean> {
  const facts = await readFacts(services.db);
  return facts.has(doneFact) && existsSync(sandboxFile(config.dataDir));
}

const waitMs = 300_000;

/** The log does not move without a worker, and calls are refused after a while: the worker makes the sandbox. */
async function untilSetUp(options: SandboxOptions): Promise<void> {
  options.log.progress('Waiting for a server of role worker, which makes the sample records');
  for (const until = performance.now() + waitMs; !(await isSetUp(options)); await delay(500)) {
    if (performance.now() < until) continue;
    throw new ServerError(
      'sandbox_failed',
      'No server of role worker has made the sample records: start one with this DATABASE_URL and RECOURSE_DATA_DIR, and then this one again.',
    );
  }
}

/** Whoever reads a sandbox that is ready finds it witnessed; the work behind the ledger takes a second or two. */
async function untilWitnessed(db: Services['db']): Promise<void> {
  const newest = (await readPolicies(db)).at(-1);
  if (!newest) return;
  const leaf = entryLeafHash(newest);
  const ledger = new LedgerReader(db);
  for (let tries = 0; tries < 100 && !(await ledger.proof(leaf)); tries++) await delay(100);
}

/** `--as Harbour` takes the first of each role. */
const keysOf = ({ admin, trust, service, colleague }: SamplePlatform): SandboxKey[] => [
  admin,
  trust,
  service,
  colleague,
];

/** Private keys, for whoever tries the sandbox: worth nothing anywhere else, and still for the owner's eyes alone. */
async function writeKeys(
  registry: SandboxRegistry,
  keys: readonly SandboxKey[],
  dataDir: string,
): Promise<void> {
  const parties = [];
  for (const { label, party, name, holder, role, admin } of keys) {
    const { privateJwk, signer } = await registry.seed.key(label);
    parties.push({ party, name, holder, role, admin, kid: signer.kid, privateJwk });
  }
  const path = sandboxFile(dataDir);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const { origin, db } = registry.services;
  const policy = await currentFingerprint(db);
  const text = JSON.stringify({ origin, policy, parties }, null, 2);
  writeFileSync(draft, `${text}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
