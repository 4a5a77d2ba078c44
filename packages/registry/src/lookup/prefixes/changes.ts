import type { SetChanges } from '../../context/published-sets.ts';
import { BlindError, prefixDelta, PrefixSet, type PrefixDelta } from '@recourse/blind/prefixes';

/** What several versions in a row did together: a prefix that came and went is in neither. */
export function netChanges(versions: readonly SetChanges[]): SetChanges {
  const net = new Map<number, number>();
  const count = (prefix: number, by: number): void => {
    const sum = (net.get(prefix) ?? 0) + by;
    if (sum === 0) net.delete(prefix);
    else net.set(prefix, sum);
  };
  for (const { added, removed } of versions) {
    for (const prefix of added) count(prefix, 1);
    for (const prefix of removed) count(prefix, -1);
  }
  const of = (sign: number): Uint32Array =>
    Uint32Array.from([...net].flatMap(([prefix, sum]) => (sum === sign ? prefix : []))).sort();
  return { added: of(1), removed: of(-1) };
}

/**
 * The set after changes: what was removed leaves, then what was added comes. Undefined where they are none of this set:
 * one of them is stored wrong.
 */
export const withChanges = (set: PrefixSet, changes: SetChanges): PrefixSet | undefined =>
  soundly(() => PrefixSet.of(merged(set.values(), changes), set.bits));

function merged(before: Uint32Array, { added, removed }: SetChanges): Uint32Array {
  const after = new Uint32Array(before.length - removed.length + added.length);
  let [written, gone, come] = [0, 0, 0];
  for (const prefix of before) {
    while (come < added.length && added[come]! < prefix) after[written++] = added[come++]!;
    if (removed[gone] === prefix) gone++;
    else after[written++] = prefix;
  }
  after.set(added.subarray(come), written);
  return after;
}

/** What somebody wrote into the tables may be no set at all. */
export function soundly<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof BlindError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The delta that leads to `to` from the set that these changes made into it. */
export function deltaTo(to: PrefixSet, { added, removed }: SetChanges): PrefixDelta | undefined {
  const from = withChanges(to, { added: removed, removed: added });
  return from && prefixDelta(from, to);
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
