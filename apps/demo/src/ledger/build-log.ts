import {
  edgeRoot,
  emptyEdge,
  encodeCheckpoint,
  encodeEntryBundle,
  growTree,
  leafHash,
  signNote,
  tilePath,
  type NoteSigner,
} from '@recourse/ledger';
import { utf8 } from '@recourse/protocol';
import type { LogFiles } from './log-copy.ts';

const width = 256;

/** A log of these entries, with every file as its operator would write it, signed by this key. */
export async function signedLog(
  entries: readonly Uint8Array[],
  signer: NoteSigner,
): Promise<LogFiles> {
  const { edge, tiles } = growTree(emptyEdge, entries.map(leafHash));
  const files = new Map(tiles.map(({ bytes, ...tile }) => [tilePath(tile), bytes]));
  for (let index = 0; index * width < entries.length; index++) {
    const bundle = entries.slice(index * width, (index + 1) * width);
    const path = tilePath({ level: 'entries', index, width: bundle.length });
    files.set(path, encodeEntryBundle(bundle));
  }
  const { size } = edge;
  const head = { origin: signer.key.name, size, root: edgeRoot(edge), extensions: [] };
  files.set('checkpoint', utf8(await signNote(encodeCheckpoint(head), [signer])));
  return files;
}
