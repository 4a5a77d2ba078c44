import {
  type Checkpoint,
  encodeCheckpoint,
  LedgerError,
  type NoteSigner,
  rootFromTiles,
  signNote,
  unwitnessed,
  verifyCheckpoint,
} from '@recourse/ledger';
import type { Db } from '../kernel/database.ts';
import { LedgerFault } from './ledger-fault.ts';
import { openRecovery } from './recovery-store.ts';
import { serveCheckpoint } from './serve-checkpoint.ts';
import {
  insertCheckpoint,
  newestCheckpoint,
  readState,
  tilesOf,
  type LedgerState,
  type StoredCheckpoint,
} from './store.ts';

export interface SignContext {
  readonly db: Db;
  /** Ed25519; the name of its key is the origin of the log */
  readonly signer: NoteSigner;
  readonly now: Date;
  /** Keeps the note outside the database, durably, before anybody is shown it */
  readonly keep: (note: string) => Promise<void>;
}

/**
 * Signs the tree as far as it is durable, when that is further than the newest checkpoint. The tiles must
 * have the root of the state, and the newest checkpoint be in them: what was changed in the database is not signed.
 *
 * A crash before the copy outside leaves nothing; between copy and row a checkpoint that nobody was shown, of a tree
 * that is durable: at the next start the database is compared with it and agrees.
 * @returns the checkpoint, or undefined when there is nothing new
 * @throws LedgerFault
 */
export async function signCheckpoint(signing: SignContext): Promise<StoredCheckpoint | undefined> {
  const { db, signer, now } = signing;
  // In this order: another server that signs meanwhile has not signed a larger tree than the state.
  const newest = await newestCheckpoint(db);
  const { size, root } = await readState(db);
  if (size === (newest?.size ?? 0)) return undefined;
  if (newest) await assertHolds(db, await openOwn(newest.note, signer));
  await assertRoot(db, { size, root });
  const text = encodeCheckpoint({ origin: signer.key.name, size, root, extensions: [] });
  const checkpoint = { size, note: await signNote(text, [signer]), at: now };
  await signing.keep(checkpoint.note);
  await insertCheckpoint(db, checkpoint);
  await serveCheckpoint(db, { size, now });
  return checkpoint;
}

/**
 * Compares the database with checkpoints that were signed: its own newest, and the copies kept outside.
 * @throws LedgerFault `recovery-unfinished`, `checkpoint-replaced`, `rolled-back`, `forked` or `tiles-differ`
 */
export async function compareLedger(
  db: Db,
  { outside, signer }: { signer: Pick<NoteSigner, 'key'>; outside: readonly string[] },
): Promise<void> {
  // Its log may be whole already, and what was reversed not yet be so again.
  if (await openRecovery(db)) throw new LedgerFault('recovery-unfinished');
  const newest = await newestCheckpoint(db);
  for (const note of [...(newest ? [newest.note] : []), ...outside]) {
    await assertHolds(db, await openOwn(note, signer));
  }
  await assertRoot(db, await readState(db));
}

/** A checkpoint by the key of this log, or nothing that was ever signed here. */
async function openOwn(note: string, { key }: Pick<NoteSigner, 'key'>): Promise<Checkpoint> {
  try {
    return (await verifyCheckpoint(note, unwitnessed(key))).checkpoint;
  } catch (cause) {
    throw new LedgerFault('checkpoint-replaced', { cause });
  }
}

async function assertHolds(db: Db, { size, root }: Checkpoint): Promise<void> {
  if ((await readState(db)).size < size) throw new LedgerFault('rolled-back');
  if (!Buffer.from(await rootAt(db, size)).equals(root)) throw new LedgerFault('forked');
}

async function assertRoot(
  db: Db,
  { size, root }: Pick<LedgerState, 'size' | 'root'>,
): Promise<void> {
  if (!Buffer.from(await rootAt(db, size)).equals(root)) throw new LedgerFault('tiles-differ');
}

async function rootAt(db: Db, size: number): Promise<Uint8Array> {
  try {
    return await rootFromTiles(size, tilesOf(db));
  } catch (cause) {
    if (cause instanceof LedgerError) throw new LedgerFault('tiles-differ', { cause });
    throw cause;
  }
}
