import type { VerifierKey } from '@recourse/ledger';
import type { Db } from '../../kernel/database.ts';
import { markAll } from '../../lookup/prefixes/fold-store.ts';
import { dropSets } from '../../lookup/prefixes/version-store.ts';
import { insertCheckpoint } from '../../log/store.ts';
import { onItsOwn } from '../../records/on-its-own.ts';
import type { Vault } from '../../vault/vault.ts';
import { appendCopy } from './append-copy.ts';
import { applyTail, suspendUnresolved } from './apply-tail.ts';
import type { RecoveryServices } from './applying.ts';
import { countHeldBack } from './told-store.ts';
import { findKnownCases } from './known-cases.ts';
import type { LogCopy, SignedCopy } from './log-copy.ts';
import { openCopy } from './open-copy.ts';
import type { RecoveryCounts } from '../../schema/recovery-counts.ts';
import { RecoveryRefusal } from './recovery-refusal.ts';
import {
  beginRecovery,
  closeRecovery,
  dropPending,
  insertLosses,
  lockRecovery,
  loggedSince,
  openRecovery,
  type OpenRecovery,
} from '../../log/recovery-store.ts';
import { findLosses } from '../doctor/diagnose.ts';
import { rootOfLosses } from '../doctor/losses.ts';
import { readTail } from './tail.ts';

export interface RecoveryInput {
  readonly services: RecoveryServices;
  /** The key of this log */
  readonly log: VerifierKey;
  /** The checkpoints that are kept outside the database */
  readonly outside: readonly string[];
  readonly copy: LogCopy;
  readonly onProgress?: (done: { size: number; of: number }) => void;
}

export interface RecoveryResult {
  /** Size of the log in the database that was restored, and now */
  readonly from: number;
  readonly to: number;
  readonly counts: RecoveryCounts;
  /** Differences between tables and log that stay: what the log does not tell */
  readonly losses: number;
}

/**
 * Brings a database that was restored from an old copy up to date with its own log, which was signed further. Begun:
 * the place where its log ended is remembered, and no server signs until the end. Appended: the log in it is the one
 * that was signed. Applied: what the new entries say holds again. Finished: `restored` waits to be logged, and the
 * next server that starts goes on. Killed anywhere, the same call goes on from there.
 * @throws RecoveryRefusal, or LedgerFault `tiles-differ` where the database is damaged
 */
export async function recoverWith(recovering: RecoveryInput): Promise<RecoveryResult> {
  const { services, onProgress } = recovering;
  const { db, vault } = services;
  const copy = await openCopy(db, recovering);
  const { log } = recovering;
  const begun = (await openRecovery(db)) ?? (await begin(db, { vault, key: log }));
  const to = copy.checkpoint.size;
  await appendCopy(db, copy, (size) => onProgress?.({ size, of: to }));
  const tail = await readTail(db, { from: begun.from, to });
  const cases = await findKnownCases({ db, vault }, tail);
  await applyTail({ services, tail, cases }, begun);
  await suspendUnresolved({ services, tail, cases });
  return finish(services, { copy, key: log });
}

/** Begins a recovery. What differs by now was no loss of it: the doctor goes on to report it. */
const begin = (db: Db, doctor: { vault: Vault; key: VerifierKey }): Promise<OpenRecovery> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => beginRecovery(trx, await findLosses(trx, doctor)));

/**
 * Ends a recovery. What waited and was logged since is dropped only now: until here it tells which changes the database
 * has. Prefix sets are made anew from the records.
 */
const finish = (
  services: RecoveryServices,
  { copy, key }: { copy: SignedCopy; key: VerifierKey },
): Promise<RecoveryResult> =>
  onItsOwn(services, async ({ db, now, changes }) => {
    const open = await lockRecovery(db);
    if (!open) throw new RecoveryRefusal('busy');
    const { from } = open;
    const { note, checkpoint } = copy;
    const to = checkpoint.size;
    const counts = { ...open.counts, suspended: await countHeldBack(db) };
    await dropPending(db, (await loggedSince(db, from)).commits);
    await dropSets(db);
    await markAll(db);
    await insertCheckpoint(db, { size: to, note, at: now });
    const losses = await nameLosses(db, { vault: services.vault, key, faults: open.faults });
    await insertLosses(db, { from, losses });
    const root = losses.length === 0 ? {} : { losses: rootOfLosses(losses) };
    changes.public('restored', { from, to, counts: { ...counts }, ...root });
    await closeRecovery(db, now);
    return { from, to, counts, losses: losses.length };
  });

async function nameLosses(
  db: Db,
  { faults, ...doctor }: { vault: Vault; key: VerifierKey; faults: readonly string[] },
): Promise<string[]> {
  const before = new Set(faults);
  return (await findLosses(db, doctor)).filter((loss) => !before.has(loss));
}
