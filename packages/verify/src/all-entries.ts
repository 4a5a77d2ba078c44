import { edgeRoot, emptyEdge, growTree, leafHash } from '@recourse/ledger';
import { equalBytes, type Entry } from '@recourse/protocol';
import { newestCheckpoint } from './checkpoint.ts';
import { VerifyError } from './errors.ts';
import type { LogSource } from './log-source.ts';
import { readBundles, readEntry } from './read-entries.ts';
import type { TrustedLog } from './trusted-log.ts';

interface Reading {
  readonly log: TrustedLog;
  readonly source: LogSource;
  readonly onProgress: (done: { entries: number; of: number }) => void;
}

/**
 * Every entry of the log, in order, hashed on the way. Where they do not give the signed root, it throws after the last
 * one: believe no entry before the end.
 * @throws VerifyError
 */
export async function* allEntries({ log, source, onProgress }: Reading): AsyncGenerator<Entry> {
  const { size, root } = (await newestCheckpoint(source, log.policy)).checkpoint;
  let edge = emptyEdge;
  for await (const bundle of readBundles(source, { from: 0, size })) {
    for (const [i, line] of bundle.entries()) {
      const entry = readEntry(line);
      if (!entry) throw new VerifyError('entry-invalid', `entry/${edge.size + i}`);
      yield entry;
    }
    ({ edge } = growTree(edge, bundle.map(leafHash)));
    onProgress({ entries: edge.size, of: size });
  }
  if (!equalBytes(edgeRoot(edge), root)) throw new VerifyError('root-mismatch');
}
