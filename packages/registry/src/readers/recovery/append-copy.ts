import { edgeRoot, growTree, leafHash } from '@recourse/ledger';
import { utf8 } from '@recourse/protocol';
import { retrying } from '../../kernel/retry.ts';
import type { Db } from '../../kernel/database.ts';
import { edgeOf } from '../../log/sequencer.ts';
import { readState, writeGrowth } from '../../log/store.ts';
import type { SignedCopy } from './log-copy.ts';
import { RecoveryRefusal } from './recovery-refusal.ts';

/**
 * Appends what the database lacks, a bundle a commit, by the same swap of the state as the sequencer's: a crash leaves
 * a log that is shorter and whole, and two of these, or a sequencer, cannot both move it.
 * @throws RecoveryRefusal `copy-incomplete`, `copy-damaged` or `busy`
 */
export async function appendCopy(
  db: Db,
  copy: SignedCopy,
  onProgress: (size: number) => void,
): Promise<void> {
  let state = await readState(db);
  let edge = await edgeOf(db, state);
  while (state.size < copy.checkpoint.size) {
    const bundle = Math.floor(state.size / 256);
    const texts = (await copy.entries(bundle)).slice(state.size - bundle * 256);
    const entries = texts.map((entry) => ({ entry, leaf: leafHash(utf8(entry)) }));
    const grown = growTree(
      edge,
      entries.map(({ leaf }) => leaf),
    );
    const to = { size: grown.edge.size, root: edgeRoot(grown.edge) };
    const growth = { from: state, to, entries, tiles: grown.tiles };
    if (!(await retrying(() => writeGrowth(db, growth)))) throw new RecoveryRefusal('busy');
    edge = grown.edge;
    state = { ...to, epoch: state.epoch + 1 };
    onProgress(state.size);
  }
}
