import { describe, expect, test } from 'vitest';
import { codeOf, signerOf } from '../tests/fixtures.ts';
import {
  encodeVerifierKey,
  keyId,
  parseVerifierKey,
  signNote,
  verifyNote,
  type VerifierKey,
} from './index.ts';

const neumann = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';

/** The points of small order, as RFC 8032 encodes them. */
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  '0000000000000000000000000000000000000000000000000000000000000000',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
];
/** The same with an x that is 0 and a sign all the same. */
const lenient = [
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

const keyOf = (hex: string): VerifierKey => ({
  name: 'log.example',
  type: 'ed25519',
  publicKey: Uint8Array.from(Buffer.from(hex, 'hex')),
});

describe('a verifier key', () => {
  test.each([
    [neumann, 'PeterNeumann', 'ed25519', 0xc74f20a3],
    [
      'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop',
      'EnochRoot',
      'ed25519',
      0xaf0cfe78,
    ],
    [
      'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8',
      'sum.golang.org',
      'ed25519',
      0x033de0ae,
    ],
    [
      'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
      'remora.n621.de',
      'cosignature',
      0xda77ade7,
    ],
  ])('of another implementation is read: %s', (...[text, name, type, id]) => {
    const key = parseVerifierKey(text);
    expect(key).toMatchObject({ name, type });
    expect(key.publicKey).toHaveLength(32);
    expect(keyId(key)).toBe(id);
    expect(encodeVerifierKey(key)).toBe(text);
  });

  test('is refused in every part of it', async () => {
    for (let begin = 0; begin < neumann.length; begin++) {
      for (let end = begin; end <= neumann.length; end++) {
        if (begin === 0 && end === neumann.length) continue;
        expect(await codeOf(() => parseVerifierKey(neumann.slice(begin, end)))).toMatch(/^key-/);
      }
    }
  });

  test('is refused with any single bit of its text changed', async () => {
    for (let bit = 0; bit < neumann.length * 7; bit++) {
      const at = Math.floor(bit / 7);
      const char = String.fromCharCode(neumann.charCodeAt(at) ^ (1 << (bit % 7)));
      const text = neumann.slice(0, at) + char + neumann.slice(at + 1);
      expect(await codeOf(() => parseVerifierKey(text))).toMatch(/^key-/);
    }
  });

  test.each([
    [
      'longer key, id adjusted',
      'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
    ],
    [
      'unknown type, id adjusted',
      'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    ],
    ['upper-case id', neumann.replace('c74f20a3', 'C74F20A3')],
    ['short id', neumann.replace('c74f20a3', '74f20a3')],
    ['no key', 'PeterNeumann+c74f20a3+'],
    ['only a type', 'PeterNeumann+c74f20a3+AQ=='],
    ['space after', `${neumann} `],
    ['newline after', `${neumann}\n`],
    ['oversized', `${'a'.repeat(1_000_000)}+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW`],
  ])('is refused with: %s', async (_, text) => {
    expect(await codeOf(() => parseVerifierKey(text))).toBe('key-malformed');
  });

  test('with the id of another key is refused', async () => {
    const text = neumann.replace('c74f20a3', 'af0cfe78');
    expect(await codeOf(() => parseVerifierKey(text))).toBe('key-mismatch');
    expect(await codeOf(() => parseVerifierKey(neumann.replace('Peter', 'Pater')))).toBe(
      'key-mismatch',
    );
  });

  test.each([
    '',
    'a b',
    'a+b',
    'a\u00A0b',
    'a\u2028',
    'a\u3000b',
    'a\u0085',
    'a\nb',
    'a\u0001',
    '\uD800',
  ])('has no name %j', async (name) => {
    const key = { ...signerOf('x', 'ed25519', 1).key, name };
    expect(await codeOf(() => encodeVerifierKey(key))).toBe('key-malformed');
    expect(await codeOf(() => verifyNote('', [key]))).toBe('key-malformed');
  });

  test.each([0, 31, 33, 64])('has not %i bytes', async (length) => {
    const key: VerifierKey = {
      name: 'a',
      type: 'ed25519',
      publicKey: new Uint8Array(length).fill(3),
    };
    expect(await codeOf(() => encodeVerifierKey(key))).toBe('key-malformed');
  });

  test.each([...smallOrder, ...lenient])('of small order is refused: %s', async (hex) => {
    const key = keyOf(hex);
    const note = await signNote('text\n', [{ ...signerOf('a', 'ed25519', 1) }]);
    expect(await codeOf(() => encodeVerifierKey(key))).toBe('key-weak');
    expect(await codeOf(() => verifyNote(note, [key], { verify: () => true }))).toBe('key-weak');
    expect(await codeOf(() => signNote('text\n', [{ key, sign: () => new Uint8Array(64) }]))).toBe(
      'key-weak',
    );
  });

  test.each(['ed', 'ee', 'f3', 'ff'])(
    'with a coordinate beyond the field is refused: %s',
    async (first) => {
      for (const last of ['7f', 'ff']) {
        const key = keyOf(`${first}${'ff'.repeat(30)}${last}`);
        expect(await codeOf(() => encodeVerifierKey(key))).toBe('key-malformed');
      }
    },
  );

  test.each([
    `eb${'ff'.repeat(30)}7f`,
    `ff${'ff'.repeat(29)}fe7f`,
    `ff00${'ff'.repeat(29)}7f`,
    `ff${'ff'.repeat(30)}7e`,
  ])('just within the field is not refused for that: %s', async (hex) => {
    expect(await codeOf(() => encodeVerifierKey(keyOf(hex)))).toBe('nothing thrown');
  });

  test('of one secret under two names or types is two keys', () => {
    const { key } = signerOf('a.example', 'ed25519', 1);
    const ids = [key, { ...key, name: 'b.example' }, { ...key, type: 'cosignature' as const }].map(
      keyId,
    );
    expect(new Set(ids).size).toBe(3);
  });
});
