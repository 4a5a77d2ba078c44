import { describe, expect, it } from 'vitest';
import { fileKind, safeName } from './file-kind.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a file of a stranger', () => {
  it('is a picture by its first bytes alone', () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
    expect(fileKind(png)).toEqual({ shown: 'picture', mediaType: 'image/png' });
    expect(fileKind(png.subarray(0, 7)).shown).toBe('nothing');
  });

  it.each(['<svg onload="alert(1)"/>', '<!doctype html><script>alert(1)</script>'])(
    '%s is text, which runs nothing',
    (text) => expect(fileKind(bytes(text))).toEqual({ shown: 'text', text }),
  );

  it('shows where somebody turns the text around', () => {
    expect(fileKind(bytes('a\u202Eb'))).toEqual({ shown: 'text', text: 'a\uFFFDb' });
  });

  it.each([
    ['a program', new Uint8Array([0x4d, 0x5a, 0, 1, 2])],
    ['what is no UTF-8', new Uint8Array([0xc3, 0x28])],
    ['a PDF', bytes('%PDF-1.7\n\u0000\u0001')],
  ])('%s is not shown, and saved as .bin', (_, file) => {
    const kind = fileKind(file);
    expect([kind.shown, safeName('item-1', kind)]).toEqual(['nothing', 'item-1.bin']);
  });
});
