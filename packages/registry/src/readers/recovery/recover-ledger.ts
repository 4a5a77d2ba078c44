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
import { findKnownCases, type KnownCases } from './known-cases.ts';
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
  noteFaults,
  openRecovery,
} from '../../log/recovery-store.ts';
import { findLosses } from '../doctor/diagnose.ts';
import { partOfTail, type Part } from '../doctor/part.ts';
import { rootOfLosses } from '../doctor/losses.ts';
import { readTail, type Tail } from './tail.ts';

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
  const begun = (await openRecovery(db)) ?? (await beginRecovery(db));
  const to = copy.checkpoint.size;
  await appendCopy(db, copy, (size) => onProgress?.({ size, of: to }));
  const tail = await readTail(db, { from: begun.from, to });
  const cases = await findKnownCases({ db, vault }, tail);
  const part = partBy(tail, cases);
  if (begun.applied === begun.from) await keepFaults(db, { vault, key: log, part });
  await applyTail({ services, tail, cases }, begun);
  await suspendUnresolved({ services, tail, cases });
  return finish(services, { copy, key: log, part });
}

/** What the tail speaks of: nothing else was lost, and nothing else is done again. */
function partBy({ from, to, knownLeaves: waited }: Tail, { refs, pairs }: KnownCases): Part {
  const told = [...pairs.values()].map(({ sanction }) => sanction);
  const sanctions = [...new Set([...refs.values(), ...told])];
  return partOfTail({ from, to, waited, sanctions });
}

/** What differs before anything is done was no loss of the recovery: the doctor goes on to report it. */
const keepFaults = (db: Db, { part, ...doctor }: Comparing): Promise<void> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) =>
      noteFaults(trx, await findLosses(trx, { ...doctor, part: { ...part, to: part.from } })),
    );

interface Comparing {
  readonly vault: Vault;
  readonly key: VerifierKey;
  readonly part: Part;
}

/**
 * Ends a recovery. What waited and was logged since is dropped only now: until here it tells which changes the database
 * has. Prefix sets are made anew from the records.
 */
const finish = (
  services: RecoveryServices,
  { copy, key, part }: { copy: SignedCopy; key: VerifierKey; part: Part },
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
    const doctor = { vault: services.vault, key, part };
    const losses = await nameLosses(db, { ...doctor, faults: open.faults });
    await insertLosses(db, { from, losses });
    const root = losses.length === 0 ? {} : { losses: rootOfLosses(losses) };
    changes.public('restored', { from, to, counts: { ...counts }, ...root });
    await closeRecovery(db, now);
    return { from, to, counts, losses: losses.length };
  });

async function nameLosses(
  db: Db,
  { faults, ...doctor }: Comparing & { faults: readonly string[] },
): Promise<string[]> {
  const before = new Set(faults);
  return (await findLosses(db, doctor)).filter((loss) => !before.has(loss));
}
