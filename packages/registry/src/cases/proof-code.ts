import { timingSafeEqual } from 'node:crypto';
import { toBase64url } from '@recourse/protocol';
import type { Vault } from '../vault/vault.ts';

/**
 * The claim that a proof is about. Nothing of it is stored: the proof is a MAC over it, computed again when it comes
 * back.
 */
export interface ProofClaim {
  readonly find: string;
  readonly kind: 'email' | 'phone' | 'domain' | 'wallet';
  /** In canonical form */
  readonly identifier: string;
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeCharacters = 10;

type Proofs = Pick<Vault, 'proofOf'>;

/** Ids have one length and kinds no separator, so that the text is unambiguous. */
const macOf = (vault: Proofs, { find, kind, identifier }: ProofClaim): Buffer =>
  vault.proofOf(`recourse/find/1:${find}:${kind}:${identifier}`);

/** For a mail or a text message: 50 bits as 10 characters of Crockford's base32, to be typed within minutes and at most five times. */
export const mailedCode = (vault: Proofs, proving: ProofClaim): string =>
  shortCode(macOf(vault, proving));

export const shortCode = (mac: Uint8Array): string =>
  [...mac.subarray(0, codeCharacters)].map((byte) => alphabet.charAt(byte & 31)).join('');

/** For a DNS record or a message: the whole MAC, 43 characters. */
export const proofValue = (vault: Proofs, proving: ProofClaim): string =>
  toBase64url(macOf(vault, proving));

/** Crockford's reading: in any case, with separators, and O, I, L for the digits they look like. */
export const readCode = (typed: string): string =>
  typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');

/** Compares a secret with what was typed, in the same time wherever they differ. */
export function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
