import {
  type Checkpoint,
  edgeRoot,
  emptyEdge,
  encodeEntryBundle,
  encodeTile,
  growTree,
  leafHash,
  newTiles,
  readEdge,
  type TreeEdge,
  unwitnessed,
} from '@recourse/ledger';
import { equalBytes } from '@recourse/protocol';
import { LedgerRefusal } from './ledger-refusal.ts';
import type { LogSource } from './log-source.ts';
import type { MirrorFolder } from './mirror-folder.ts';
import { openNote } from './open-note.ts';
import { readAhead } from './read-ahead.ts';
import { bundlesAfter, readBundle } from './read-bundle.ts';
import type { TrustedLog } from './trusted-log.ts';

const width = 256;
const inFlight = 8;

export interface Mirroring {
  readonly log: TrustedLog;
  readonly source: LogSource;
  readonly folder: MirrorFolder;
  readonly onProgress: (done: { entries: number; of: number }) => void;
  readonly signal: AbortSignal;
}

export interface Mirrored {
  /** False when it was stopped: nothing that was copied before is lost */
  readonly finished: boolean;
  /** Entries that were new */
  readonly added: number;
  readonly checkpoint: Checkpoint;
}

/**
 * Brings a copy of the log up to its newest checkpoint. Only entries are fetched: the tiles are made from them, and the
 * checkpoint is kept last, once the root is the one that was signed. So a copy never holds what was not signed, and a
 * log with another history than the copy is refused.
 * @throws LedgerRefusal
 */
export async function mirrorLog({ log, folder, ...of }: Mirroring): Promise<Mirrored> {
  const bytes = await of.source.checkpoint();
  if (bytes === undefined) throw new LedgerRefusal('checkpoint-missing', 'checkpoint');
  const { note, checkpoint } = await openNote(bytes, log.policy);
  const kept = folder.checkpoint();
  // It was believed when it was kept, whoever the witnesses are now.
  const old =
    kept === undefined ? undefined : (await openNote(kept, unwitnessed(log.policy.log))).checkpoint;
  if (old && checkpoint.size < old.size) throw new LedgerRefusal('rolled-back', 'checkpoint');
  const from = await edgeOf(folder, old);
  const { edge, finished } = await copyEntries({ ...of, folder, size: checkpoint.size }, from);
  const added = edge.size - from.size;
  if (!finished) return { finished, added, checkpoint };
  if (!equalBytes(edgeRoot(edge), checkpoint.root)) {
    throw new LedgerRefusal(old ? 'forked' : 'root-mismatch', 'checkpoint');
  }
  keepEdge(folder, edge);
  folder.keepCheckpoint(note);
  dropPartial(folder, { from: from.size, size: checkpoint.size });
  return { finished, added, checkpoint };
}

/** What the folder holds up to its checkpoint. @throws LedgerRefusal `tile-mismatch` for a damaged copy */
async function edgeOf(folder: MirrorFolder, old: Checkpoint | undefined): Promise<TreeEdge> {
  if (old === undefined) return emptyEdge;
  const edge = await readEdge(old.size, (level, index, w) =>
    folder.file({ level, index, width: w }),
  );
  if (!equalBytes(edgeRoot(edge), old.root)) throw new LedgerRefusal('tile-mismatch', 'copy');
  return edge;
}

async function copyEntries(
  { source, folder, size, signal, onProgress }: Omit<Mirroring, 'log'> & { size: number },
  from: TreeEdge,
): Promise<{ edge: TreeEdge; finished: boolean }> {
  let edge = from;
  const read = (of: { index: number; width: number }) => readBundle(source, of);
  const bundles = bundlesAfter(from.size, size);
  try {
    for await (const entries of readAhead(bundles, { depth: inFlight, read })) {
      edge = keepBundle(folder, edge, entries);
      onProgress({ entries: edge.size, of: size });
      if (signal.aborted && edge.size < size) return { edge, finished: false };
    }
  } catch (error) {
    if (signal.aborted) return { edge, finished: false };
    throw error;
  }
  return { edge, finished: true };
}

/** `entries` are those of the whole bundle; the first of them may be in the tree already. */
function keepBundle(folder: MirrorFolder, edge: TreeEdge, entries: Uint8Array[]): TreeEdge {
  const index = Math.floor(edge.size / width);
  const known = edge.size - index * width;
  const grown = growTree(edge, entries.slice(known).map(leafHash));
  folder.keep({ level: 'entries', index, width: entries.length }, encodeEntryBundle(entries));
  for (const { bytes, ...of } of grown.tiles) {
    // Above the leaves a partial tile has its final width only at the end.
    if (of.level === 0 || of.width === width) folder.keep(of, bytes);
  }
  return grown.edge;
}

function keepEdge(folder: MirrorFolder, { size, rows }: TreeEdge): void {
  for (const [level, row] of rows.entries()) {
    if (level === 0 || row.length === 0) continue;
    const index = Math.floor(size / width ** (level + 1));
    folder.keep({ level, index, width: row.length }, encodeTile(row));
  }
}

/** Partial files of the old edge that grew. */
function dropPartial(folder: MirrorFolder, { from, size }: { from: number; size: number }): void {
  if (from === size) return;
  for (const { level, index } of newTiles(from, size)) {
    const before = Math.floor(from / width ** level) - index * width;
    if (before <= 0 || before >= width) continue;
    folder.drop({ level, index, width: before });
    if (level === 0) folder.drop({ level: 'entries', index, width: before });
  }
}
