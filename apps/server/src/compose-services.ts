import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { EvaluationPool, ready } from '@recourse/blind/server';
import { createTokenService, makeServices, Vault } from '@recourse/registry';
import type { ServerConfig } from './config/config.ts';
import type { OpenDatabase } from './database.ts';
import { announce } from './keys/announce.ts';
import type { KeyMaterial } from './keys/key-material.ts';
import { openEpochs } from './keys/open-epochs.ts';
import type { Log } from './log.ts';
import { openProofs } from './proofs/open-proofs.ts';
import { SandboxClock } from './sandbox/sandbox-clock.ts';
import { sandboxBirth } from './sandbox/set-up.ts';
import type { Traces } from './traces/traces.ts';

/** Parts that a server is composed of */
export interface ServerParts {
  readonly config: ServerConfig;
  readonly keys: KeyMaterial;
  readonly database: OpenDatabase;
  readonly traces: Traces;
  readonly log: Log;
  /** Ends what was opened, the last first */
  readonly closers: (() => Promise<void>)[];
}

/** Composes the services of the registry: its database, keys, clock, and ways to reach people. */
export async function composeServices(parts: ServerParts) {
  const { config, keys, traces, log, closers } = parts;
  const { db } = parts.database;
  await ready();
  const birth = config.mode === 'sandbox' ? sandboxBirth(config) : undefined;
  const { mode, origin } = config;
  const announced = await announce({ db, mode, origin, keys, now: birth ?? new Date() });
  const pool = new EvaluationPool();
  closers.push(() => pool.close());
  const clock = birth && new SandboxClock(join(config.dataDir, 'clock.json'));
  const now = (): Date => clock?.now() ?? new Date();
  const epochs = await openEpochs({ db, first: announced.epoch, keys, clock: now, log });
  closers.push(() => epochs.stop());
  const opened = openProofs(config, { clock: now, log });
  closers.push(() => opened.close());
  const tokens = createTokenService({
    epochs: () => epochs.keys.secrets(),
    publicKeyOf: (epoch) => epochs.keys.publicKeyOf(epoch),
    pool: { evaluate: (batch) => traces.step('multiplications', () => pool.evaluate(batch)) },
    clock: now,
  });
  const services = makeServices({
    db,
    origin,
    clock: now,
    random: (size) => randomBytes(size),
    place: (below) => randomInt(below),
    receiptSigner: keys.receiptSigner,
    eventSigner: keys.eventSigner,
    vault: new Vault(keys.vaultKey),
    tokens,
    proofs: opened.proofs,
    news: opened.news,
    notices: opened.notices,
    deadlines: config.deadlines,
  });
  return { services, announced, epochs: epochs.keys, clock, opened };
}
