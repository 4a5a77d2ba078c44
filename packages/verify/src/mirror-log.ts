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
  type TilePath,
  type TreeEdge,
  unwitnessed,
} from '@recourse/ledger';
import { equalBytes } from '@recourse/protocol';
import { VerifyError } from './errors.ts';
import type { LogSource } from './log-source.ts';
import { newestCheckpoint, openCheckpoint } from './checkpoint.ts';
import { readBundles } from './read-entries.ts';
import type { TrustedLog } from './trusted-log.ts';

const width = 256;

/** The storage of a copy: the files of the log by their place in the tree, and the note that was copied last. */
export interface LogCopy {
  /** The note that was copied last; undefined for a new copy */
  checkpoint(): string | undefined;
  /** Replaces the note. Call it once the files that it covers are durable. */
  keepCheckpoint(note: string): void;
  /** A file that was kept. @throws when it is gone */
  file(path: TilePath): Uint8Array;
  keep(path: TilePath, bytes: Uint8Array): void;
  /** Removes a partial file once a wider one is there. */
  drop(path: TilePath): void;
}

/** The log to copy, its source, and the copy. */
export interface MirrorInput {
  readonly log: TrustedLog;
  readonly source: LogSource;
  readonly copy: LogCopy;
  readonly onProgress: (done: { entries: number; of: number }) => void;
  readonly signal: AbortSignal;
}

/** The result of a run. */
export interface MirrorResult {
  /** False when it was stopped: the copy is as it was before */
  readonly finished: boolean;
  /** Entries that were new */
  readonly added: number;
  readonly checkpoint: Checkpoint;
}

/**
 * Brings a copy of the log up to its newest checkpoint. It fetches only entries, makes the tiles from them, and keeps
 * the checkpoint last, once the root is the signed one. So a copy holds nothing unsigned. A log with another history
 * than the copy is refused.
 * @throws VerifyError
 */
export async function mirrorLog({ log, copy, ...of }: MirrorInput): Promise<MirrorResult> {
  const { note, checkpoint } = await newestCheckpoint(of.source, log.policy);
  const kept = copy.checkpoint();
  // It was believed when it was kept, whoever the witnesses are now.
  const old =
    kept === undefined
      ? undefined
      : (await openCheckpoint(kept, unwitnessed(log.policy.log))).checkpoint;
  if (old && checkpoint.size < old.size) throw new VerifyError('rolled-back', 'checkpoint');
  const from = await edgeOf(copy, old);
  const { edge, finished } = await copyEntries({ ...of, copy, size: checkpoint.size }, from);
  const added = edge.size - from.size;
  if (!finished) return { finished, added, checkpoint };
  if (!equalBytes(edgeRoot(edge), checkpoint.root)) {
    throw new VerifyError(old ? 'forked' : 'root-mismatch', 'checkpoint');
  }
  keepEdge(copy, edge);
  copy.keepCheckpoint(note);
  dropPartial(copy, { from: from.size, size: checkpoint.size });
  return { finished, added, checkpoint };
}

/**
 * Reads the edge of the copy up to its checkpoint.
 * @throws VerifyError `tile-mismatch` for a damaged copy
 */
async function edgeOf(copy: LogCopy, old: Checkpoint | undefined): Promise<TreeEdge> {
  if (old === undefined) return emptyEdge;
  const edge = await readEdge(old.size, (level, index, w) => copy.file({ level, index, width: w }));
  if (!equalBytes(edgeRoot(edge), old.root)) throw new VerifyError('tile-mismatch', 'copy');
  return edge;
}

async function copyEntries(
  { source, copy, size, signal, onProgress }: Omit<MirrorInput, 'log'> & { size: number },
  from: TreeEdge,
): Promise<{ edge: TreeEdge; finished: boolean }> {
  let edge = from;
  try {
    for await (const entries of readBundles(source, { from: from.size, size })) {
      edge = keepBundle(copy, edge, entries);
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
function keepBundle(copy: LogCopy, edge: TreeEdge, entries: Uint8Array[]): TreeEdge {
  const index = Math.floor(edge.size / width);
  const known = edge.size - index * width;
  const grown = growTree(edge, entries.slice(known).map(leafHash));
  copy.keep({ level: 'entries', index, width: entries.length }, encodeEntryBundle(entries));
  for (const { bytes, ...of } of grown.tiles) {
    // Above the leaves a partial tile has its final width only at the end.
    if (of.level === 0 || of.width === width) copy.keep(of, bytes);
  }
  return grown.edge;
}

function keepEdge(copy: LogCopy, { size, rows }: TreeEdge): void {
  for (const [level, row] of rows.entries()) {
    if (level === 0 || row.length === 0) continue;
    const index = Math.floor(size / width ** (level + 1));
    copy.keep({ level, index, width: row.length }, encodeTile(row));
  }
}

/** Partial files of the old edge that grew. */
function dropPartial(copy: LogCopy, { from, size }: { from: number; size: number }): void {
  if (from === size) return;
  for (const { level, index } of newTiles(from, size)) {
    const before = Math.floor(from / width ** level) - index * width;
    if (before <= 0 || before >= width) continue;
    copy.drop({ level, index, width: before });
    if (level === 0) copy.drop({ level: 'entries', index, width: before });
  }
}
