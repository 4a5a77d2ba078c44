import {
  edgeRoot,
  readEdge,
  unwitnessed,
  type VerifierKey,
  verifyCheckpoint,
} from '@recourse/ledger';
import { equalBytes } from '@recourse/protocol';
import type { Db } from '../../kernel/database.ts';
import { tilesOf } from '../../log/store.ts';
import type { Difference } from '../entries/difference.ts';

interface SignedNote {
  /** Its size in the table; `outside` for the copy beside the database */
  readonly id: string;
  readonly note: string;
}

type Roots = readonly { readonly size: number; readonly root: Uint8Array }[];

/**
 * Each checkpoint was signed by the log key, and signs a tree that this one begins with. They are read a part of the log
 * at a time, and compared with the roots of that part.
 */
export class CheckpointComparison {
  readonly #db: Db;
  readonly #from: number;
  readonly #key: VerifierKey;
  readonly #outside: readonly SignedNote[];
  readonly #rootsOutside = new Map<number, Uint8Array>();
  #notes: readonly SignedNote[] = [];
  #sizes = new Set<number>();

  /**
   * @param of.outside checkpoints that are kept outside the database
   * @param of.from the tree of fewer entries is as it was: the roots of these are those of its tiles
   */
  constructor(of: { db: Db; key: VerifierKey; outside: readonly string[]; from: number }) {
    const { db, key, outside, from } = of;
    this.#db = db;
    this.#from = from;
    this.#key = key;
    this.#outside = outside.map((note) => ({ id: 'outside', note }));
  }

  /** Sizes whose roots are wanted of the part that was read last. */
  readonly marks = { has: (size: number): boolean => this.#sizes.has(size) };

  /** Reads those of a part of the log: behind `from` entries, up to `to`. */
  async read(part: { from: number; to: number }): Promise<void> {
    this.#notes = await notesOf(this.#db, part);
    this.#sizes = new Set([...this.#notes, ...this.#outside].map(({ note }) => sizeIn(note)));
  }

  /** @param roots of the part that was read last */
  async *differences(roots: Roots): AsyncGenerator<Difference, void, undefined> {
    const bySize = new Map(roots.map(({ size, root }) => [size, root]));
    for (const { note } of this.#outside) {
      const root = bySize.get(sizeIn(note));
      if (root) this.#rootsOutside.set(sizeIn(note), root);
    }
    for (const note of this.#notes) yield* this.#compare(note, bySize.get(sizeIn(note.note)));
  }

  /** Those outside, and those in the database that sign more than its log has. */
  async *beyond(size: number): AsyncGenerator<Difference, void, undefined> {
    const notes = await notesOf(this.#db, { from: size, to: Number.MAX_SAFE_INTEGER });
    for (const note of notes) yield* this.#compare(note, undefined);
    for (const note of this.#outside) {
      const signed = sizeIn(note.note);
      const root = this.#rootsOutside.get(signed);
      yield* this.#compare(note, signed <= this.#from ? await this.#rootBefore(signed) : root);
    }
  }

  async #rootBefore(size: number): Promise<Uint8Array | undefined> {
    try {
      return edgeRoot(await readEdge(size, tilesOf(this.#db)));
    } catch {
      // No size at all, or its tiles are not there.
      return undefined;
    }
  }

  async *#compare(
    { id, note }: SignedNote,
    root: Uint8Array | undefined,
  ): AsyncGenerator<Difference, void, undefined> {
    const opened = await verifyCheckpoint(note, unwitnessed(this.#key)).catch(() => undefined);
    const isOwn = id === 'outside' || id === String(opened?.checkpoint.size);
    if (opened && root && isOwn && equalBytes(opened.checkpoint.root, root)) return;
    // One that stands at another size than its own has a root elsewhere.
    const what = opened ? (root || !isOwn ? 'root' : 'size') : 'signature';
    yield { code: 'checkpoint-differs', table: 'ledger_checkpoints', id, what };
  }
}

/** The second line of a checkpoint is its size; what is none there is found when the note is opened. */
const sizeIn = (note: string): number => Number(note.split('\n')[1]);

async function notesOf(db: Db, { from, to }: { from: number; to: number }): Promise<SignedNote[]> {
  const rows = await db
    .selectFrom('ledger_checkpoints')
    .select(['size', 'note'])
    .where('size', '>', from)
    .where('size', '<=', to)
    .orderBy('size')
    .execute();
  return rows.map(({ size, note }) => ({ id: String(size), note }));
}
