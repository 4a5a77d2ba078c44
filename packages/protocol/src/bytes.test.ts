import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { codeOf } from '../tests/fixtures.ts';
import { concatBytes, equalBytes, fromBase64url, fromUtf8, toBase64url, utf8 } from './bytes.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('base64url (RFC 4648, section 5)', () => {
  test.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('vector of section 10: %j', (text, encoded) => {
    expect(toBase64url(utf8(text))).toBe(encoded);
    expect(fromBase64url(encoded)).toEqual(utf8(text));
  });

  test('the two characters that differ from base64', () => {
    expect(toBase64url(Uint8Array.of(0xfb, 0xff))).toBe('-_8');
  });

  test('encodes and decodes any bytes, with Buffer and without it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const withBuffer = toBase64url(bytes);
        vi.stubGlobal('Buffer', undefined);
        const without = toBase64url(bytes);
        vi.unstubAllGlobals();
        expect(without).toBe(withBuffer);
        expect([...fromBase64url(withBuffer)]).toEqual([...bytes]);
      }),
    );
  });

  test('one byte string has one spelling: what decodes re-encodes to the same text', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('');
    const pairs = alphabet.flatMap((first) => alphabet.map((second) => first + second));
    const spellings = new Set(
      Array.from({ length: 256 }, (_, byte) => toBase64url(Uint8Array.of(byte))),
    );
    for (const text of pairs) {
      const expected = spellings.has(text) ? 'nothing thrown' : 'base64url-invalid';
      expect([text, await codeOf(() => fromBase64url(text))]).toEqual([text, expected]);
    }
  });

  test.each(['Zh', 'Zm9', '_w_', 'AAAAB'])('trailing bits or length refused: %s', async (text) => {
    expect(await codeOf(() => fromBase64url(text))).toBe('base64url-invalid');
  });

  test.each([
    'Zg==',
    'Zg=',
    'Z+8',
    'Z/8',
    ' Zg',
    'Zg\n',
    'Z.8',
    'Zé8',
    'Zm9v\u{1f600}',
    'Z',
    '\0AA',
  ])('padding and foreign characters refused: %j', async (text) => {
    expect(await codeOf(() => fromBase64url(text))).toBe('base64url-invalid');
  });
});

describe('UTF-8', () => {
  test.each([
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate half', [0xed, 0xa0, 0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['a stray continuation', [0x80]],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ])('malformed bytes are refused, not replaced: %s', async (_, bytes) => {
    expect(await codeOf(() => fromUtf8(Uint8Array.from(bytes)))).toBe('json-invalid');
  });

  test('a byte order mark is kept, so that two byte strings never read as one text', () => {
    expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
  });
});

test('concatBytes joins in order', () => {
  expect(concatBytes()).toEqual(new Uint8Array());
  expect(concatBytes(utf8('a'), utf8(''), utf8('bc'))).toEqual(utf8('abc'));
});

test('equalBytes compares every byte and the length', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(equalBytes(bytes, Uint8Array.of(1, 2, 3))).toBe(true);
  for (const other of [[9, 2, 3], [1, 9, 3], [1, 2, 9], [1, 2], [1, 2, 3, 0], []]) {
    expect(equalBytes(bytes, Uint8Array.from(other))).toBe(false);
  }
});
