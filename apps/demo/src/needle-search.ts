/** A secret that must not be found, and its kind; it is never printed. */
export interface Needle {
  readonly kind: 'identifier' | 'token' | 'case-code' | 'claim-key' | 'words';
  readonly bytes: Uint8Array;
}

const keyBytes = 4;
const bits = 18;

/**
 * Finds any of many byte strings in one pass, without regard to the case of ASCII letters: the first four bytes at each
 * place are looked up in a bitmap, and only then compared.
 */
export class NeedleSearch {
  readonly longest: number;
  readonly count: number;
  readonly #seen = new Uint8Array(1 << bits);
  readonly #byKey = new Map<number, Needle[]>();

  constructor(needles: readonly Needle[]) {
    let longest = 0;
    for (const { kind, bytes } of needles) {
      if (bytes.length < keyBytes) throw new RangeError('a needle is too short');
      const needle = { kind, bytes: lowered(bytes) };
      const key = keyAt(needle.bytes, 0);
      this.#seen[slot(key)] = 1;
      const same = this.#byKey.get(key);
      if (same) same.push(needle);
      else this.#byKey.set(key, [needle]);
      longest = Math.max(longest, bytes.length);
    }
    this.longest = longest;
    this.count = needles.length;
  }

  /** The kinds found, each once. */
  in(haystack: Uint8Array): Set<Needle['kind']> {
    const found = new Set<Needle['kind']>();
    const bytes = lowered(haystack);
    for (let at = 0; at + keyBytes <= bytes.length; at++) {
      const key = keyAt(bytes, at);
      if (this.#seen[slot(key)] === 0) continue;
      for (const needle of this.#byKey.get(key) ?? []) {
        if (standsAt(bytes, needle.bytes, at)) found.add(needle.kind);
      }
    }
    return found;
  }
}

const byte = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

const keyAt = (b: Uint8Array, at: number): number =>
  byte(b, at) | (byte(b, at + 1) << 8) | (byte(b, at + 2) << 16) | (byte(b, at + 3) << 24);

const slot = (key: number): number => Math.imul(key, 0x9e3779b1) >>> (32 - bits);

function standsAt(bytes: Uint8Array, needle: Uint8Array, at: number): boolean {
  if (at + needle.length > bytes.length) return false;
  for (let i = keyBytes; i < needle.length; i++) {
    if (bytes[at + i] !== needle[i]) return false;
  }
  return true;
}

function lowered(bytes: Uint8Array): Uint8Array {
  const out = Uint8Array.from(bytes);
  for (let i = 0; i < out.length; i++) {
    const code = byte(out, i);
    if (code >= 0x41 && code <= 0x5a) out[i] = code + 0x20;
  }
  return out;
}
