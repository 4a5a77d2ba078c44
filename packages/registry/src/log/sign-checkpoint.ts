import {
  type Checkpoint,
  encodeCheckpoint,
  type NoteSigner,
  rootFromTiles,
  signNote,
  unwitnessed,
  verifyCheckpoint,
} from '@recourse/ledger';
import type { Db } from '../kernel/database.ts';
import { LedgerFault, ofTiles } from './ledger-fault.ts';
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

/**
 * Checkpoints of the log that are known outside its database: a database can be replaced by an older copy of itself.
 */
export interface OutsideCheckpoints {
  /** Every note that is kept: an older one may be of another history */
  read(): Promise<readonly string[]>;
  /** Keeps a note durably, before anybody is shown it. @returns whether it may be shown */
  keep(note: string): Promise<boolean>;
}

export interface SignContext {
  readonly db: Db;
  /** Ed25519; the name of its key is the origin of the log */
  readonly signer: NoteSigner;
  readonly now: Date;
  readonly outside: OutsideCheckpoints;
  /** The history that held before, of a server that signs again and again */
  readonly history?: SignedHistory;
}

/**
 * Signs the tree as far as it is durable, when that is further than the newest checkpoint. The tiles must
 * have the root of the state, and everything that was signed before be in them, as the database and its surroundings
 * know it: neither what was changed in the database is signed, nor an old copy of it.
 *
 * A crash before the copy outside leaves nothing; between copy and row a checkpoint that nobody was shown, of a tree
 * that is durable: at the next start the database is compared with it and agrees.
 * @returns the checkpoint, or undefined when there is nothing new, or nothing may be shown
 * @throws LedgerFault
 */
export async function signCheckpoint(signing: SignContext): Promise<StoredCheckpoint | undefined> {
  const { db, signer, now, outside, history = new SignedHistory(signer) } = signing;
  if (!(await hasGrown(db))) return undefined;
  // In this order: another server that signs meanwhile has not signed a larger tree than the state.
  const kept = await outside.read();
  const newest = await newestCheckpoint(db);
  const { size, root } = await readState(db);
  if (size === (newest?.size ?? 0)) return undefined;
  if (newest) await assertHolds(db, await openOwn(newest.note, signer));
  await history.assertIn(db, kept);
  await assertRoot(db, { size, root });
  const text = encodeCheckpoint({ origin: signer.key.name, size, root, extensions: [] });
  const checkpoint = { size, note: await signNote(text, [signer]), at: now };
  if (!(await outside.keep(checkpoint.note))) return undefined;
  // Of two servers that sign two histories at once, at least one sees what the other has kept.
  await history.assertIn(db, await outside.read());
  await insertCheckpoint(db, checkpoint);
  await serveCheckpoint(db, { size, now });
  return checkpoint;
}

async function hasGrown(db: Db): Promise<boolean> {
  const newest = await newestCheckpoint(db);
  return (await readState(db)).size !== (newest?.size ?? 0);
}

const notesOf = (checkpoint: StoredCheckpoint | undefined): string[] =>
  checkpoint ? [checkpoint.note] : [];

async function assertSigned(
  db: Db,
  signer: Pick<NoteSigner, 'key'>,
  notes: readonly string[],
): Promise<void> {
  for (const note of new Set(notes)) await assertHolds(db, await openOwn(note, signer));
}

/**
 * Compares the database with what was signed again and again, as cheaply as it changes. What held once is in the history
 * of the newest that held: that one is compared each time, since another database may have come in place of this one.
 */
export class SignedHistory {
  readonly #signer: Pick<NoteSigner, 'key'>;
  #held: ReadonlySet<string> = new Set();
  /** The newest that this process has seen, wherever it was */
  #newest: string | undefined;

  constructor(signer: Pick<NoteSigner, 'key'>) {
    this.#signer = signer;
  }

  /** @throws LedgerFault `checkpoint-replaced`, `rolled-back`, `forked` or `tiles-differ` */
  async assertIn(db: Db, outside: readonly string[]): Promise<void> {
    // Read after what is kept: another server signs no larger tree than there is by now.
    const stored = await newestCheckpoint(db);
    const last = this.#newest;
    const notes = new Set([...outside, ...notesOf(stored), ...(last === undefined ? [] : [last])]);
    const isNew = (note: string): boolean => !this.#held.has(note);
    const isMoved = (note: string): boolean => note === last && note !== stored?.note;
    const toCompare = [...notes].filter((note) => isNew(note) || isMoved(note));
    await assertSigned(db, this.#signer, toCompare);
    this.#held = notes;
    // What a comparison beside this one found is never forgotten for something older.
    const known = this.#newest === undefined ? [...notes] : [...notes, this.#newest];
    this.#newest = known.toSorted((a, b) => sizeOfNote(a) - sizeOfNote(b)).at(-1);
  }

  /** Keeps the newest checkpoint of the database outside, whoever signed it. @throws LedgerFault */
  async follow(db: Db, outside: OutsideCheckpoints): Promise<void> {
    await this.assertIn(db, await outside.read());
    if (this.#newest !== undefined) await outside.keep(this.#newest);
  }
}

/** The size that a note states, of whoever signed it. */
export const sizeOfNote = (note: string): number => Number(note.split('\n')[1]);

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
  await assertSigned(db, signer, [...notesOf(newest), ...outside]);
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

const rootAt = (db: Db, size: number): Promise<Uint8Array> =>
  ofTiles(rootFromTiles(size, tilesOf(db)));
