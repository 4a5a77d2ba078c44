import { BlindError } from '../errors.ts';
import type { PrefixDelta } from './apply-delta.ts';
import type { PrefixSet } from './prefix-set.ts';
import { encodeAscending } from './rice.ts';

/**
 * The one delta that leads from one set to another.
 * @throws BlindError `prefixes-invalid` when their widths differ: another width is another full set
 */
export function prefixDelta(from: PrefixSet, to: PrefixSet): PrefixDelta {
  if (from.bits !== to.bits) throw new BlindError('prefixes-invalid', 'another width');
  const [before, after] = [from.values(), to.values()];
  const removals: number[] = [];
  const additions: number[] = [];
  let at = 0;
  for (const [index, prefix] of before.entries()) {
    while (at < after.length && after[at]! < prefix) additions.push(after[at++]!);
    if (after[at] === prefix) at++;
    else removals.push(index);
  }
  while (at < after.length) additions.push(after[at++]!);
  return {
    removals: encodeAscending(Uint32Array.from(removals), before.length),
    additions: encodeAscending(Uint32Array.from(additions), 2 ** from.bits),
  };
}
