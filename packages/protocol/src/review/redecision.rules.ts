import { fromBase64url } from '../bytes.ts';
import { prefixedHash } from '../hash.ts';

/** Domain of the hash that draws decisions. */
export const redecisionPrefix = 'recourse/re-decision/1';

/** 5 % of 2^32, as the first four bytes of a hash: whatever is smaller is drawn. */
export const redecisionThreshold = '0ccccccd';

/**
 * Whether another reviewer makes a decision again. Anybody who has the opening of its entry can repeat the draw: the
 * first four bytes of H("recourse/re-decision/1" || root || leaf) are below 5 % of their range.
 *
 * `root` is that of the first checkpoint with the entry that readers were shown. Nobody knew it when the decision was
 * signed.
 * @param of base64url of 32 bytes each
 */
export function isDrawn(entry: { root: string; leaf: string }): boolean {
  const hash = prefixedHash(redecisionPrefix, fromBase64url(entry.root), fromBase64url(entry.leaf));
  const first = new DataView(Uint8Array.from(fromBase64url(hash)).buffer).getUint32(0);
  return first < Number.parseInt(redecisionThreshold, 16);
}
