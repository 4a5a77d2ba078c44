import { utf8 } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { fitsMediaType, nameOfType } from './file-type.ts';

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

test('archives, pages, pictures of markup and programs are none of the types but text, if that', () => {
  const others = {
    zip: Buffer.from('504b0304140000000800', 'hex'),
    exe: Buffer.from('4d5a9000030000000400', 'hex'),
    elf: Buffer.from('7f454c46020101000000', 'hex'),
    gif: utf8('GIF89a'),
    html: utf8('<!doctype html><script>alert(1)</script>'),
    svg: utf8('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
  };
  for (const [name, bytes] of Object.entries(others)) {
    const fits = types.filter((type) => fitsMediaType(bytes, type));
    expect([name, fits]).toEqual([
      name,
      ['gif', 'html', 'svg'].includes(name) ? ['text/plain'] : [],
    ]);
  }
});

test('a name opens as what the file is', () => {
  expect(nameOfType('notes.txt', 'text/plain')).toBe('notes.txt');
  expect(nameOfType('Scan.JPEG', 'image/jpeg')).toBe('Scan.JPEG');
  expect(nameOfType('page.html', 'text/plain')).toBe('page.html.txt');
  expect(nameOfType('drawing.svg', 'text/plain')).toBe('drawing.svg.txt');
  expect(nameOfType('letter.pdf.exe', 'application/pdf')).toBe('letter.pdf.exe.pdf');
  expect(nameOfType('photo', 'image/png')).toBe('photo.png');
  expect(nameOfType('..', 'text/plain')).toBe('...txt');
});

test('what begins like a type, and no more, is not of it', () => {
  expect(fitsMediaType(utf8('RIFF\u0001\u0001\u0001\u0001WAVE'), 'image/webp')).toBe(false);
  expect(fitsMediaType(utf8('%PDX-1.7'), 'application/pdf')).toBe(false);
  expect(fitsMediaType(Uint8Array.of(0xff, 0xd8, 0xfe), 'image/jpeg')).toBe(false);
  expect(
    fitsMediaType(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0), 'image/png'),
  ).toBe(false);
});

test('text has lines and tabs, and none of the other control characters', () => {
  expect(fitsMediaType(utf8('one\r\n\ttwo\n'), 'text/plain')).toBe(true);
  for (const control of ['\u0000', '\u0008', '\u000b', '\u001b', '\u007f', '\u0085']) {
    expect(fitsMediaType(utf8(`a${control}b`), 'text/plain')).toBe(false);
  }
});

test.each([
  ['application/pdf', 'pdf'],
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['image/jpeg', 'jpeg'],
  ['image/webp', 'webp'],
  ['text/plain', 'txt'],
] as const)('%s is named .%s', (type, ending) => {
  expect(nameOfType(`a.${ending}`, type)).toBe(`a.${ending}`);
  expect(nameOfType(`a${ending}`, type)).toMatch(/^a.+\..+$/);
});
