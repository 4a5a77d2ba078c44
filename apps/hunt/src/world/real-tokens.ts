import { blind, finalize, token, tokenInput } from '@recourse/blind';
import { deriveKeyPair, evaluateBatch, ready } from '@recourse/blind/server';
import { fromBase64url, toBase64url, type IdentifierKind } from '@recourse/protocol';
import type { TokenService } from '@recourse/registry';

await ready();
const keys = deriveKeyPair(new Uint8Array(32).fill(7), 'hunt');
const publicKey = toBase64url(keys.publicKey);

/** One live epoch with a real OPRF behind it, so that identifiers and their proofs meet. */
export const realTokens = async (): Promise<TokenService> => ({
  epochs: () => [{ epoch: 1, publicKey, opensAt: new Date(0) }],
  publicKeyOf: () => undefined,
  evaluate: async (_, blinded) => {
    const { evaluated, proof } = evaluateBatch({
      ...keys,
      blinded: blinded.map(fromBase64url),
    });
    return { elements: evaluated.map(toBase64url), proof: toBase64url(proof) };
  },
});

const known = new Map<string, string>();

/** The token of an identifier in canonical form, as a platform gets it. */
export function tokenOf(kind: IdentifierKind, canonical: string): string {
  const name = `${kind} ${canonical}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  const inputs = [tokenInput(kind, canonical)];
  const blinded = blind(inputs);
  const { evaluated, proof } = evaluateBatch({
    ...keys,
    blinded: blinded.blinded,
  });
  const outputs = finalize({
    ...blinded,
    inputs,
    evaluated,
    proof,
    publicKey: keys.publicKey,
  });
  const made = toBase64url(token(outputs[0]!));
  known.set(name, made);
  return made;
}

/** A blinded element, as every evaluation sends one for each identifier. */
export const newElement = (): string => toBase64url(blind([tokenInput('email', 'x')]).blinded[0]!);
