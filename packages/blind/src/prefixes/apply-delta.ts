import { BlindError } from '../errors.ts';
import { decodeAscending } from './rice.ts';

/** A delta leads from one set to another of the same width (the semantics of Safe Browsing v5). */
export interface PrefixDelta {
  /** Rice-coded list of indices in the old sorted list: the prefixes that leave it */
  readonly removals: Uint8Array;
  /** Rice-coded list of the prefixes that are added */
  readonly additions: Uint8Array;
}

/**
 * The set after a delta.
 * @param limit 2^bits
 * @throws BlindError `prefixes-invalid`
 */
export function applyDelta(before: Uint32Array, delta: PrefixDelta, limit: number): Uint32Array {
  const removals = decodeAscending(delta.removals, before.length);
  const additions = decodeAscending(delta.additions, limit);
  const after = new Uint32Array(before.length - removals.length + additions.length);
  let [written, removed, added] = [0, 0, 0];
  for (let index = 0; index < before.length; index++) {
    const prefix = before[index]!;
    while (added < additions.length && additions[added]! < prefix) {
      after[written++] = additions[added++]!;
    }
    // Attacker-controlled: an entry that comes twice, or leaves to come back, would be a second spelling.
    if (additions[added] === prefix) throw new BlindError('prefixes-invalid', 'already there');
    if (removals[removed] === index) removed++;
    else after[written++] = prefix;
  }
  after.set(additions.subarray(added), written);
  return after;
}
