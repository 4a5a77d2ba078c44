import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { deriveKeyPair, EvaluationPool, ready } from '@recourse/blind/server';
import {
  Allowances,
  createCallHandler,
  createTokenService,
  nodeVerifier,
  Vault,
  type CallHandler,
  type Services,
} from '@recourse/registry';
import type { ServerConfig } from './config.ts';
import { prepareDataDir } from './data-dir.ts';
import { openDatabase, type OpenDatabase } from './database.ts';
import { Admission } from './http/admission.ts';
import { createApp } from './http/app.ts';
import { assertPortFree, listen } from './http/listen.ts';
import { SourceLimits } from './http/source-limits.ts';
import { announce, firstEpoch, type Announced } from './keys/announce.ts';
import { loadKeyMaterial, type KeyMaterial } from './keys/key-material.ts';
import { silentLog, type Log } from './log.ts';
import { inviteOperator } from './operator-invite.ts';
import { SandboxClock } from './sandbox/sandbox-clock.ts';
import { sandboxBirth, setUpSandbox } from './sandbox/set-up.ts';

/** A registry that answers. */
export interface RunningServer {
  /** Where it listens, e.g. http://127.0.0.1:4800 */
  readonly url: string;
  readonly origin: string;
  /** What it is composed of, for measurements in this process */
  readonly services: Services;
  /** Finishes what is in flight, then ends database and PostgreSQL; safe to call twice */
  stop(): Promise<void>;
}

/**
 * Starts a registry: its PostgreSQL, schema, keys, in a sandbox its sample platforms, and the listener.
 * @throws ServerError; what was started until then is ended
 */
export async function startServer(
  config: ServerConfig,
  log: Log = silentLog,
): Promise<RunningServer> {
  prepareDataDir(config);
  await assertPortFree(config);
  const keys = await loadKeyMaterial(config);
  sayCreated(keys, { config, log });
  const closers: (() => Promise<void>)[] = [];
  const stop = once(async () => {
    for (const close of closers.toReversed()) await close();
  });
  try {
    const database = await openDatabase(config, log);
    closers.push(() => database.close());
    const registry = await compose({ config, keys, database, log, closers });
    await serve(registry, closers);
    return {
      url: `http://${hostInUrl(config.host)}:${config.port}`,
      origin: config.origin,
      services: registry.services,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** In production each of these files is lost once and for all when it is lost. */
function sayCreated(
  { created }: KeyMaterial,
  { config, log }: { config: ServerConfig; log: Log },
): void {
  if (created.length === 0) return;
  if (config.mode === 'sandbox') return log.progress(`Creating keys in ${config.keysDir}`);
  for (const path of created) log.progress(`Created ${path}: keep a copy apart from the database`);
}

interface Composing {
  readonly config: ServerConfig;
  readonly keys: KeyMaterial;
  readonly database: OpenDatabase;
  readonly log: Log;
  readonly closers: (() => Promise<void>)[];
}

interface Registry extends Composing {
  readonly services: Services;
  readonly calls: CallHandler;
  readonly admission: Admission;
  readonly announced: Announced;
  readonly clock: SandboxClock | undefined;
}

async function compose(composing: Composing): Promise<Registry> {
  const { config, keys, database, log, closers } = composing;
  await ready();
  const oprf = deriveKeyPair(keys.oprfSeed, `recourse/epoch/${firstEpoch}`);
  const birth = config.mode === 'sandbox' ? sandboxBirth(config) : undefined;
  const announced = await announce({
    db: database.db,
    mode: config.mode,
    origin: config.origin,
    keys,
    oprf,
    now: birth ?? new Date(),
  });
  const pool = new EvaluationPool();
  closers.push(() => pool.close());
  const clock = birth && new SandboxClock(join(config.dataDir, 'clock.json'));
  const now = (): Date => clock?.now() ?? new Date();
  const services: Services = {
    db: database.db,
    origin: config.origin,
    clock: now,
    random: (size) => randomBytes(size),
    receiptSigner: keys.receiptSigner,
    verify: nodeVerifier,
    vault: new Vault(keys.vaultKey),
    tokens: createTokenService({ epochs: [{ ...announced.epoch, ...oprf }], pool, clock: now }),
    flaggers: [],
    deadlines: config.deadlines,
    allowances: new Allowances(),
  };
  const admission = new Admission({
    concurrency: config.concurrency,
    queue: config.concurrency * 16,
  });
  const calls = createCallHandler(services, {
    limit: (work) => admission.run(work),
    onFailure: (_call, problem) => {
      if (problem.status >= 500) log.fault(`call ${problem.code}`, problem.cause);
    },
  });
  const logKid = keys.logSigner.kid;
  if (clock) await setUpSandbox({ config, services, calls, clock, log });
  else await inviteOperator({ config, services, log, logKid });
  return { ...composing, services, calls, admission, announced, clock };
}

async function serve(registry: Registry, closers: (() => Promise<void>)[]): Promise<void> {
  const { config, keys, services, calls, admission, announced, clock, log } = registry;
  let isOpen = true;
  const sources = new SourceLimits(config.failures);
  const app = createApp({
    config,
    services,
    calls,
    announced,
    logKey: keys.logSigner.publicJwk,
    admission,
    sources,
    log,
    ...(clock ? { clock } : {}),
    isOpen: () => isOpen,
  });
  const listening = await listen(app, { config, sources });
  closers.push(async () => {
    isOpen = false;
    await listening.close();
  });
}

const hostInUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
