import { edgeRoot, growTree, leafHash, readEdge, type TreeEdge } from '@recourse/ledger';
import { equalBytes, utf8 } from '@recourse/protocol';
import { retrying } from '../kernel/retry.ts';
import type { Db } from '../kernel/database.ts';
import { LedgerFault, ofTiles } from './ledger-fault.ts';
import { lockState, tilesOf, takePending, writeGrowth, type LedgerState } from './store.ts';

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
 */
export class Sequencer {
  readonly #db: Db;
  readonly #assertSigned: (trx: Db) => Promise<void>;
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
        const waiting = await takePending(trx, mostCommits);
        if (waiting.length === 0) return undefined;
        await this.#assertSigned(trx);
        return this.#append(trx, state, waiting);
      }),
    );
    if (!done) return { added: 0, more: false };
    // Only what is committed is remembered.
    this.#known = done;
    return { added: done.added, more: done.added >= mostCommits };
  }

  async #append(trx: Db, from: LedgerState, waiting: readonly string[]) {
    const entries = waiting.map((entry) => ({ entry, leaf: leafHash(utf8(entry)) }));
    const old = await this.#edgeOf(trx, from);
    const { edge, tiles } = growTree(
      old,
      entries.map(({ leaf }) => leaf),
    );
    const to = { size: edge.size, root: edgeRoot(edge) };
    const written = await writeGrowth(trx, { from, to, entries, tiles });
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
