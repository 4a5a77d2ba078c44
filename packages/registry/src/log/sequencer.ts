import { edgeRoot, growTree, leafHash, readEdge, type TreeEdge } from '@recourse/ledger';
import { equalBytes, utf8 } from '@recourse/protocol';
import { retrying } from '../kernel/retry.ts';
import type { Db } from '../kernel/database.ts';
import { LedgerFault, ofTiles } from './ledger-fault.ts';
import {
  lockState,
  tilesOf,
  takePending,
  writeGrowth,
  type LedgerState,
  type LockedState,
  type TakenCommits,
} from './store.ts';

export interface SequenceResult {
  /** Entries that got an index */
  readonly added: number;
  /** True where more may wait; not while another server is at it */
  readonly more: boolean;
}

/** Commits taken at once: one transaction of bounded length. */
const mostCommits = 2_048;

/**
 * Gives what waits its place in the log. Any number of servers may try; one at a time has the state.
 *
 * A step deletes pending rows, appends entries, grows tiles and swaps the state, in one commit: a crash before it
 * leaves everything waiting, after it everything logged, and nothing is signed in it. The edge of the tree is
 * remembered between steps and belongs to whoever moved the state last: another epoch, and it is read anew from the
 * tiles and compared with the root.
 *
 * Rows that were taken stay in the index while anybody holds an old snapshot, so a step reads from a place on. Commits
 * become visible in another order than their numbers: see {@link placeAfter}.
 */
export class Sequencer {
  readonly #db: Db;
  readonly #assertSigned: (trx: Db) => Promise<void>;
  /** The first step of a process takes what stands before the place, too: nothing should */
  #hasStarted = false;
  #known: { readonly epoch: number; readonly edge: TreeEdge } | undefined;

  /**
   * @param assertSigned compares what was signed with the very database that would grow: a connection may lead to another
   * one than the last, and an old copy that grew could not be brought up to date any more
   */
  constructor(db: Db, assertSigned: (trx: Db) => Promise<void> = async () => undefined) {
    this.#db = db;
    this.#assertSigned = assertSigned;
  }

  /** One step. @throws LedgerFault `tiles-differ` when the tiles are not those of the state, and what `assertSigned` finds */
  async step(): Promise<SequenceResult> {
    const done = await retrying(() =>
      this.#db.transaction().execute(async (trx) => {
        const state = await lockState(trx);
        if (!state) return undefined;
        const from = this.#hasStarted ? state.taken : 0;
        const taken = await takePending(trx, { from, limit: mostCommits });
        if (taken.commits === 0) return undefined;
        await this.#assertSigned(trx);
        return this.#append(trx, state, taken);
      }),
    );
    this.#hasStarted = true;
    if (!done) return { added: 0, more: false };
    // Only what is committed is remembered.
    this.#known = done;
    return { added: done.added, more: done.added >= mostCommits };
  }

  async #append(trx: Db, from: LockedState, taken: TakenCommits) {
    const entries = taken.entries.map((entry) => ({ entry, leaf: leafHash(utf8(entry)) }));
    const old = await this.#edgeOf(trx, from);
    const { edge, tiles } = growTree(
      old,
      entries.map(({ leaf }) => leaf),
    );
    const to = { size: edge.size, root: edgeRoot(edge) };
    const written = await writeGrowth(trx, {
      from,
      to,
      entries,
      tiles,
      queue: placeAfter(from, taken),
    });
    if (!written) throw new LedgerFault('state-moved');
    return { epoch: from.epoch + 1, edge, added: entries.length };
  }

  async #edgeOf(trx: Db, { size, root, epoch }: LedgerState): Promise<TreeEdge> {
    const known = this.#known;
    if (known?.epoch === epoch && known.edge.size === size) return known.edge;
    return edgeOf(trx, { size, root });
  }
}

/**
 * The place from which the next step reads, after one has taken what it saw.
 *
 * Whoever wrote a commit before `seen` was on a list of writers when that was noted. Once none of them is open, this
 * step, which looked at the queue after that, has seen all that they wrote. Then `seen` is the place, and a new list is
 * made up to what was taken now. A writer that stays open only keeps the place where it is.
 */
function placeAfter(
  { taken, seen, isWriting }: LockedState,
  { commits, last }: TakenCommits,
): Pick<LockedState, 'taken' | 'seen' | 'isWriting'> {
  const sawAll = commits < mostCommits || last >= seen;
  const place = Math.max(taken, sawAll ? seen : last + 1);
  return { taken: place, seen: Math.max(seen, last + 1), isWriting };
}

/**
 * The edge of the tree of a state, read from its tiles.
 * @throws LedgerFault `tiles-differ`
 */
export async function edgeOf(
  db: Db,
  { size, root }: Pick<LedgerState, 'size' | 'root'>,
): Promise<TreeEdge> {
  const edge = await ofTiles(readEdge(size, tilesOf(db)));
  if (!equalBytes(edgeRoot(edge), root)) throw new LedgerFault('tiles-differ');
  return edge;
}
