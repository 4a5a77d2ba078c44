import fc from 'fast-check';
import { expect, test } from 'vitest';
import { padded, padTo } from './pad.ts';

test.each([
  [0, 4096],
  [4096, 4096],
  [4097, 8192],
  [16_385, 32_768],
])('a body of %i bytes is sent as %i', (bytes, size) => {
  expect(padTo(bytes)).toBe(size);
});

test('every body has a length of a class, and says what it said', () => {
  const results = fc.dictionary(fc.string(), fc.string({ unit: 'binary', maxLength: 900 }), {
    maxKeys: 9,
  });
  const openings = fc.option(fc.array(fc.string()), { nil: undefined });
  fc.assert(
    fc.property(results, openings, (members, changes) => {
      const result = padded(members, changes);
      const bytes = Buffer.byteLength(JSON.stringify({ result, changes }));
      expect(padTo(bytes)).toBe(bytes);
      expect({ ...result, pad: '' }).toEqual({ ...members, pad: '' });
    }),
    { numRuns: 40 },
  );
});
