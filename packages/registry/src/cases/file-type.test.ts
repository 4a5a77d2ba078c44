import { utf8 } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { fitsMediaType } from './file-type.ts';

const files = {
  'application/pdf': utf8('%PDF-1.7\n%'),
  'image/png': Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0),
  'image/jpeg': Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0x10),
  'image/webp': utf8('RIFF\u0001\u0001\u0001\u0001WEBPVP8 '),
  'text/plain': utf8('Ich war das nicht.\n'),
} as const;
const types = Object.keys(files) as (keyof typeof files)[];

test('each type is known by its first bytes, and by those of no other', () => {
  for (const type of types) {
    for (const other of types.filter((name) => name !== 'text/plain')) {
      expect(fitsMediaType(files[type], other)).toBe(type === other);
    }
  }
});

test('text is UTF-8 without control characters', () => {
  expect(fitsMediaType(files['text/plain'], 'text/plain')).toBe(true);
  expect(fitsMediaType(Uint8Array.of(0xc3, 0x28), 'text/plain')).toBe(false);
  expect(fitsMediaType(files['image/png'], 'text/plain')).toBe(false);
  expect(fitsMediaType(utf8('a\u001b[2Jb'), 'text/plain')).toBe(false);
});

test('a file shorter than its signature does not fit', () => {
  expect(fitsMediaType(utf8('RIFF'), 'image/webp')).toBe(false);
  expect(fitsMediaType(new Uint8Array(), 'application/pdf')).toBe(false);
});
