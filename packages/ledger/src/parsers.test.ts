import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeOf, leavesOf, signerOf, stackRoot, utf8 } from '../tests/fixtures.ts';
import {
  encodeAddCheckpoint,
  encodeCheckpoint,
  encodeEntryBundle,
  encodeTile,
  encodeTlogProof,
  encodeVerifierKey,
  inclusionProof,
  parseAddCheckpoint,
  parseCheckpoint,
  parseEntryBundle,
  parseNote,
  parseSignatures,
  parseTile,
  parseTilePath,
  parseTimestampedSignature,
  parseTlogProof,
  parseVerifierKey,
  signNote,
} from './index.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
/** Every parser, from bytes. */
const parsers = new Map<string, (bytes: Uint8Array) => unknown>([
  ['parseNote', parseNote],
  ['parseNote of text', (bytes) => parseNote(text(bytes))],
  ['parseSignatures', parseSignatures],
  ['parseCheckpoint', (bytes) => parseCheckpoint(text(bytes))],
  ['parseTlogProof', parseTlogProof],
  ['parseAddCheckpoint', parseAddCheckpoint],
  ['parseVerifierKey', (bytes) => parseVerifierKey(text(bytes))],
  ['parseTilePath', (bytes) => parseTilePath(text(bytes))],
  ['parseTile', (bytes) => parseTile(bytes, Math.ceil(bytes.length / 32))],
  ['parseEntryBundle', (bytes) => parseEntryBundle(bytes, 3)],
  ['parseTimestampedSignature', parseTimestampedSignature],
]);
const names = [...parsers.keys()];

let samples: Uint8Array[];
beforeAll(async () => {
  const log = signerOf('log.example', 'ed25519', 1);
  const leaves = leavesOf(7);
  const checkpoint = encodeCheckpoint({
    origin: 'log.example',
    size: 7,
    root: stackRoot(leaves),
    extensions: ['x'],
  });
  const note = await signNote(checkpoint, [log, signerOf('b', 'ed25519', 2)]);
  const proof = inclusionProof(leaves, 3);
  samples = [
    utf8(note),
    utf8(note.slice(note.indexOf('— '))),
    utf8(checkpoint),
    utf8(encodeTlogProof({ index: 3, proof, checkpoint: note, extra: Uint8Array.of(1) })),
    utf8(encodeAddCheckpoint({ oldSize: 3, proof, note })),
    utf8(encodeVerifierKey(log.key)),
    utf8('tile/0/x001/234.p/5'),
    encodeTile(leaves),
    encodeEntryBundle(leaves.slice(0, 3)),
    new Uint8Array(72),
  ];
});

/** Cuts, doubles, removes, replaces and inserts at random places of a valid input. */
const edit = fc.record({
  kind: fc.constantFrom(
    'replace' as const,
    'insert' as const,
    'remove' as const,
    'cut' as const,
    'double' as const,
  ),
  at: fc.nat(),
  length: fc.nat(40),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc.constantFrom('\n', '\n\n', '=', ' ', '— ', '+', '0', 'x', '\0', '9'.repeat(30)).map(utf8),
  ),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited(sample: Uint8Array, { kind, at, length, bytes }: Edit): Uint8Array {
  const begin = at % (sample.length + 1);
  const [head, tail] = [sample.subarray(0, begin), sample.subarray(begin)];
  const ends: Record<Edit['kind'], Iterable<number>[]> = {
    replace: [bytes, tail.subarray(bytes.length)],
    insert: [bytes, tail],
    remove: [tail.subarray(length)],
    cut: [],
    double: [tail.subarray(0, length), tail],
  };
  return Uint8Array.from([head, ...ends[kind]].flatMap((part) => [...part]));
}

/** Inputs near the limit that punish backtracking and rescanning. */
const hostile = [
  '\n'.repeat(999_999),
  '\n\n'.repeat(499_999),
  'a'.repeat(1_000_000),
  '='.repeat(1_000_000),
  '9'.repeat(1_000_000),
  ' '.repeat(1_000_000),
  '+'.repeat(1_000_000),
  `a\n\n${'— a AAAAAAA=\n'.repeat(60_000)}`,
  `a\n\n— ${'a'.repeat(999_000)} AAAAAAA=\n`,
  `a\n\n— a ${'A'.repeat(990_000)}\n`,
  `a\n${'9'.repeat(990_000)}\n`,
  `c2sp.org/tlog-proof@v1\nindex ${'9'.repeat(900_000)}\n\n`,
  `c2sp.org/tlog-proof@v1\nindex 0\n${'A\n'.repeat(400_000)}\n`,
  `old 0\n${`${'A'.repeat(43)}=\n`.repeat(20_000)}\n`,
  `tile/0/${'x000/'.repeat(190_000)}000`,
  `a+00000000+${'A'.repeat(900_000)}`,
  '\uD800'.repeat(300_000),
  '\0'.repeat(1_000_000),
];

/** The form of what `codeOf` gives: any other throw fails the test. */
const codeLike = /^(?:nothing thrown|[a-z]+-[a-z]+)$/;

describe('whatever is read is refused with a code or accepted', () => {
  test.each(names)('%s, of random bytes', async (name) => {
    const parse = parsers.get(name)!;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await codeOf(() => parse(bytes))).toMatch(codeLike);
      }),
      { numRuns: 300 },
    );
  });

  test.each(names)('%s, of valid inputs changed', async (name) => {
    const parse = parsers.get(name)!;
    const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.nat(), edits, async (seed, edits) => {
        const bytes = edits.reduce(edited, samples[seed % samples.length]!);
        expect(await codeOf(() => parse(bytes))).toMatch(codeLike);
      }),
      { numRuns: 600 },
    );
  });

  test.each(names)('%s, within a second for the most hostile megabyte', async (name) => {
    const parse = parsers.get(name)!;
    for (const input of hostile) {
      const bytes = utf8(input);
      const begun = performance.now();
      await codeOf(() => parse(bytes));
      expect(performance.now() - begun).toBeLessThan(1000);
    }
  });

  test('the samples are accepted by their parsers', async () => {
    for (const [i, name] of [
      'parseNote',
      'parseSignatures',
      'parseCheckpoint',
      'parseTlogProof',
      'parseAddCheckpoint',
      'parseVerifierKey',
      'parseTilePath',
      'parseTile',
      'parseEntryBundle',
      'parseTimestampedSignature',
    ].entries()) {
      expect(await codeOf(() => parsers.get(name)!(samples[i]!))).toBe('nothing thrown');
    }
  });
});
