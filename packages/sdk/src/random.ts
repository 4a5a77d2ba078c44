import { toBase64url } from '@recourse/protocol';

/** `size` cryptographically random bytes. */
export type Random = (size: number) => Uint8Array;

export const cryptoRandom: Random = (size) => crypto.getRandomValues(new Uint8Array(size));

/** 32 random bytes as base64url: salts, padding. */
export const randomSalt = (random: Random): string => toBase64url(random(32));

/** 144 random bits as 24 characters: call ids and idempotency keys. */
export const randomName = (random: Random): string => toBase64url(random(18));

/** Each order equally likely: draws without replacement. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const rest = [...items];
  const out: T[] = [];
  while (rest.length > 0) out.push(...rest.splice(randomBelow(random, rest.length), 1));
  return out;
}

/** A uniform whole number below `bound` (at most 256), without the bias of a plain remainder. */
function randomBelow(random: Random, bound: number): number {
  const limit = 256 - (256 % bound);
  for (;;) {
    const byte = random(1)[0] ?? limit;
    if (byte < limit) return byte % bound;
  }
}
