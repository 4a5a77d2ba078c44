import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf, utf8 } from '../tests/fixtures.ts';
import { encodeCheckpoint, parseCheckpoint, parseVerifierKey, verifyNote } from './index.ts';

const root = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const text = `example.com/behind-the-sofa\n20852163\n${root}\n`;

const line = fc
  .string({ minLength: 1, unit: 'binary' })
  .filter((text) => utf8(text).every((byte) => byte >= 0x20));

describe('a checkpoint', () => {
  test('is read: the example of tlog-checkpoint', () => {
    const checkpoint = parseCheckpoint(text);
    expect(checkpoint).toEqual({
      origin: 'example.com/behind-the-sofa',
      size: 20_852_163,
      root: Uint8Array.from(Buffer.from(root, 'base64')),
      extensions: [],
    });
    expect(encodeCheckpoint(checkpoint)).toBe(text);
  });

  test('of the Go checksum database verifies', async () => {
    const sumdb = parseVerifierKey(
      'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8',
    );
    const notes = [
      'go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n' +
        '— sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=\n',
      `go.sum database tree\n20852163\n${root}\n\n` +
        '— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n',
    ];
    const sizes = [];
    for (const note of notes) {
      const checkpoint = parseCheckpoint((await verifyNote(note, [sumdb])).text);
      expect(checkpoint.origin).toBe('go.sum database tree');
      sizes.push(checkpoint.size);
      const forged = note.replace('tree\n', 'tree\n1');
      expect(await codeOf(() => verifyNote(forged, [sumdb]))).toBe('signature-invalid');
    }
    expect(sizes).toEqual([6_476_701, 20_852_163]);
  });

  test('keeps its extension lines, in order', () => {
    const checkpoint = parseCheckpoint(`${text}one\ntwo words\n`);
    expect(checkpoint.extensions).toEqual(['one', 'two words']);
    expect(encodeCheckpoint(checkpoint)).toBe(`${text}one\ntwo words\n`);
  });

  test('is read back', () => {
    const checkpoints = fc.record({
      origin: line,
      size: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      extensions: fc.array(line, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(checkpoints, (checkpoint) => {
        expect(parseCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['an empty line', '\n'],
    ['two lines', 'a\n0\n'],
    ['no newline at the end', text.slice(0, -1)],
    ['no origin', text.replace('example.com/behind-the-sofa', '')],
    ['an empty extension line', `${text}\n`],
    ['an empty line between extensions', `${text}a\n\nb\n`],
    ['a leading zero', text.replace('208', '0208')],
    ['zero twice', text.replace('20852163', '00')],
    ['a sign', text.replace('208', '+208')],
    ['a negative size', text.replace('208', '-208')],
    ['a fraction', text.replace('208', '2.08')],
    ['an exponent', text.replace('20852163', '2e7')],
    ['hex', text.replace('20852163', '0x1')],
    ['a space before the size', text.replace('208', ' 208')],
    ['no size', text.replace('20852163', '')],
    ['other digits', text.replace('20852163', '٢')],
    ['a root of 31 bytes', text.replace(root, Buffer.alloc(31).toString('base64'))],
    ['a root of 33 bytes', text.replace(root, Buffer.alloc(33).toString('base64'))],
    ['a root without padding', text.replace('2I=', '2I')],
    ['a root with trailing bits', text.replace('2I=', '2J=')],
    ['a root in base64url', text.replace('/Xaj', '_Xaj')],
    ['a space after the root', text.replace('2I=', '2I= ')],
    ['a carriage return', text.replace('sofa\n', 'sofa\r\n')],
    ['a lone surrogate', text.replace('sofa', '\uD800')],
  ])('is none with %s', async (_, wrong) => {
    expect(await codeOf(() => parseCheckpoint(wrong))).toBe('checkpoint-malformed');
  });

  test('ends at 2^53 - 1 leaves', async () => {
    expect(parseCheckpoint(text.replace('20852163', '9007199254740991')).size).toBe(2 ** 53 - 1);
    const beyond = ['9007199254740992', '9007199254740993', '18446744073709551615'];
    for (const size of [...beyond, '1'.repeat(100_000)]) {
      const code = await codeOf(() => parseCheckpoint(text.replace('20852163', size)));
      expect(code).toBe('size-invalid');
    }
  });

  test('is not made of what could not be read', async () => {
    const good = parseCheckpoint(text);
    const wrong = [
      { origin: '' },
      { origin: 'a\nb' },
      { origin: 'a\u0000' },
      { origin: '\uD800' },
      { root: new Uint8Array(31) },
      { extensions: [''] },
      { extensions: ['a', 'b\nc'] },
    ];
    for (const part of wrong) {
      expect(await codeOf(() => encodeCheckpoint({ ...good, ...part }))).toBe(
        'checkpoint-malformed',
      );
    }
    for (const size of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(await codeOf(() => encodeCheckpoint({ ...good, size }))).toBe('size-invalid');
    }
  });
});
