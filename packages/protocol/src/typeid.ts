import { z } from 'zod';

/** Prefixes of ids: platform, sanction, check, match, appeal, recall, evidence, stream, holder, invite, proposal, draft, find, question, event, demand, item of the panel, claimant. */
export const idPrefixes = [
  'plt',
  'snc',
  'chk',
  'mat',
  'apl',
  'rcl',
  'evd',
  'str',
  'hld',
  'inv',
  'prp',
  'drf',
  'fnd',
  'qst',
  'evt',
  'dmd',
  'itm',
  'clm',
] as const;
export type IdPrefix = (typeof idPrefixes)[number];

/** A TypeID (spec 0.3): prefix, `_`, and 26 characters of lower-case Crockford base32 over a UUIDv7. */
export type Id<P extends IdPrefix = IdPrefix> = `${P}_${string}`;

/** The clock and the randomness of a new id. */
export interface NewIdOptions {
  readonly now: Date;
  /** Cryptographically random bytes: ids of others must not be guessable. */
  readonly random: (size: number) => Uint8Array;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** 26 characters hold 130 bits: a first character above 7 would overflow the 128 of a UUID. */
const suffixPattern = '[0-7][0-9a-hjkmnp-tv-z]{25}';
const uuidBytes = 16;
const randomBytes = 10;

/** A new id of one kind. */
export function newId<P extends IdPrefix>(prefix: P, options: NewIdOptions): Id<P> {
  return `${prefix}_${encodeIdSuffix(uuidV7(options))}`;
}

/** Whether it is an id of one kind. */
export function isId<P extends IdPrefix>(prefix: P, value: unknown): value is Id<P> {
  return typeof value === 'string' && idPattern(prefix).test(value);
}

/** A zod schema of one kind of id: a pattern, no transform, so that it becomes JSON Schema as it is. */
export function idSchema<P extends IdPrefix>(prefix: P): z.ZodType<Id<P>, Id<P>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the pattern is what the type says
  return z.string().regex(idPattern(prefix)) as unknown as z.ZodType<Id<P>, Id<P>>;
}

/** 16 bytes of a UUID to the 26 characters of a TypeID's suffix, most significant first. */
export function encodeIdSuffix(uuid: Uint8Array): string {
  let value = 0n;
  for (const byte of uuid) value = (value << 8n) | BigInt(byte);
  let suffix = '';
  for (let i = 0; i < 26; i++) {
    suffix = alphabet.charAt(Number(value & 31n)) + suffix;
    value >>= 5n;
  }
  return suffix;
}

/** The suffix of a TypeID back to the 16 bytes of its UUID; undefined when it is not one. */
export function decodeIdSuffix(suffix: string): Uint8Array | undefined {
  if (!new RegExp(`^${suffixPattern}$`).test(suffix)) return undefined;
  let value = 0n;
  for (const char of suffix) value = (value << 5n) | BigInt(alphabet.indexOf(char));
  const uuid = new Uint8Array(uuidBytes);
  for (let i = uuidBytes - 1; i >= 0; i--) {
    uuid[i] = Number(value & 0xffn);
    value >>= 8n;
  }
  return uuid;
}

/** The pattern of an id of one kind. */
export const idPattern = (prefix: IdPrefix): RegExp => new RegExp(`^${prefix}_${suffixPattern}$`);

/** RFC 9562, section 5.7: 48 bits of milliseconds, version 7, variant 10, the rest random. */
function uuidV7(options: NewIdOptions): Uint8Array {
  const random = options.random(randomBytes);
  const milliseconds = options.now.getTime();
  if (random.length !== randomBytes) throw new RangeError('random source gave a wrong length');
  if (!(milliseconds >= 0 && milliseconds < 2 ** 48)) throw new RangeError('time out of range');
  const uuid = new Uint8Array(uuidBytes);
  const view = new DataView(uuid.buffer);
  view.setUint16(0, Math.floor(milliseconds / 2 ** 32));
  view.setUint32(2, milliseconds % 2 ** 32);
  uuid.set(random, 6);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  return uuid;
}
