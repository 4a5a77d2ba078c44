import { concatBytes, fromBase64url, utf8, type ReceiptLeaf } from '@recourse/protocol';

/** A call as the audit keeps it: what its receipt states, under the jti that is kept, and how many openings it has. */
export interface PackedCall {
  readonly kid: string;
  readonly jti: string;
  readonly leaf: ReceiptLeaf;
  readonly changes: number;
}

const version = 1;

/**
 * The calls of a group in the order of their leaves; SQL reads them by `unpack_calls`.
 *
 *     group  version u8 = 1, then each call
 *     call   kid, jti, iss, op (words), req [32], res [32], status u16, changes u16
 *     word   u8 = 255: that of the call before; 200 to 238: 16 to 54 bytes in base64url; else the length of UTF-8
 */
export const packCalls = (calls: readonly PackedCall[]): Uint8Array =>
  concatBytes(
    Uint8Array.of(version),
    ...calls.flatMap((call, place) => packCall(call, calls[place - 1])),
  );

function packCall(call: PackedCall, before: PackedCall | undefined): Uint8Array[] {
  const { leaf, changes } = call;
  const last = before && wordsOf(before);
  return [
    ...wordsOf(call).map((word, at) => packWord(word, last?.[at])),
    fromBase64url(leaf.req),
    fromBase64url(leaf.res),
    Uint8Array.of(leaf.status >> 8, leaf.status & 255, changes >> 8, changes & 255),
  ];
}

const wordsOf = ({ kid, jti, leaf }: PackedCall): string[] => [kid, jti, leaf.iss, leaf.op];

const [same, fewestBytes, mostBytes, firstOfBytes] = [255, 16, 54, 200];

/** @param word attacker-controlled where it is a jti or an op */
function packWord(word: string, before: string | undefined): Uint8Array {
  if (word === before) return Uint8Array.of(same);
  const raw = bytesIn(word);
  if (raw && raw.length >= fewestBytes && raw.length <= mostBytes)
    return concatBytes(Uint8Array.of(firstOfBytes + raw.length - fewestBytes), raw);
  const text = utf8(word);
  if (text.length >= firstOfBytes) throw new RangeError('a word of a call is too long');
  return concatBytes(Uint8Array.of(text.length), text);
}

/** The bytes that have this form in base64url, and no other */
function bytesIn(word: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]{22,72}$/.test(word)) return undefined;
  const bytes = Buffer.from(word, 'base64url');
  return bytes.toString('base64url') === word ? bytes : undefined;
}
