import { BlindError, type SetChanges } from '@recourse/blind/prefixes';

/** Adds up what several versions in a row did: a prefix that came and went is in neither. */
export function netChanges(versions: readonly SetChanges[]): SetChanges {
  const added = joined(versions.map((version) => version.added)).sort();
  const removed = joined(versions.map((version) => version.removed)).sort();
  let [a, r, come, gone] = [0, 0, 0, 0];
  while (a < added.length || r < removed.length) {
    const prefix = Math.min(added[a] ?? Infinity, removed[r] ?? Infinity);
    let sum = 0;
    for (; added[a] === prefix; a++) sum++;
    for (; removed[r] === prefix; r++) sum--;
    // What is kept is written over what was read.
    if (sum === 1) added[come++] = prefix;
    if (sum === -1) removed[gone++] = prefix;
  }
  return { added: added.slice(0, come), removed: removed.slice(0, gone) };
}

function joined(lists: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let length = 0;
  for (const list of lists) {
    all.set(list, length);
    length += list.length;
  }
  return all;
}

/** Makes a set, or nothing: what somebody wrote into the tables may be no set at all. */
export async function soundly<T>(make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof BlindError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Four bytes each, the highest first */
export function packPrefixes(prefixes: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(prefixes.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, prefix] of prefixes.entries()) view.setUint32(i * 4, prefix);
  return bytes;
}

export function unpackPrefixes(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4));
}
