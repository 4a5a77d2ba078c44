import { edgeRoot, emptyEdge, growTree, leafHash } from '@recourse/ledger';
import { equalBytes, type Entry } from '@recourse/protocol';
import { LedgerRefusal } from './ledger-refusal.ts';
import type { LogSource } from './log-source.ts';
import { openNote } from './open-note.ts';
import { readAhead } from './read-ahead.ts';
import { bundlesAfter, readBundle } from './read-bundle.ts';
import { readEntry } from './read-entry.ts';
import type { TrustedLog } from './trusted-log.ts';

const inFlight = 8;

interface Reading {
  readonly log: TrustedLog;
  readonly source: LogSource;
  readonly onProgress: (done: { entries: number; of: number }) => void;
}

/**
 * Every entry of the log, in order, hashed on the way: the last is followed by the refusal of all of them, if they do not
 * give the root that was signed.
 * @throws LedgerRefusal
 */
export async function* allEntries({ log, source, onProgress }: Reading): AsyncGenerator<Entry> {
  const bytes = await source.checkpoint();
  if (bytes === undefined) throw new LedgerRefusal('checkpoint-missing', 'checkpoint');
  const { size, root } = (await openNote(bytes, log.policy)).checkpoint;
  let edge = emptyEdge;
  const read = (of: { index: number; width: number }) => readBundle(source, of);
  for await (const bundle of readAhead(bundlesAfter(0, size), { depth: inFlight, read })) {
    for (const [i, line] of bundle.entries()) {
      const entry = readEntry(line);
      if (!entry) throw new LedgerRefusal('entry-invalid', `entry/${edge.size + i}`);
      yield entry;
    }
    ({ edge } = growTree(edge, bundle.map(leafHash)));
    onProgress({ entries: edge.size, of: size });
  }
  if (!equalBytes(edgeRoot(edge), root)) throw new LedgerRefusal('root-mismatch');
}
