import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawInspections, quarterOf, sampleSize } from './draw.rules.ts';

const b32 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));

test('max(5, 1 %) are drawn, as far as there are so many', () => {
  expect([0, 3, 5, 500, 501, 600, 601].map(sampleSize)).toEqual([0, 3, 5, 5, 6, 6, 7]);
});

test('whoever has the list and the checkpoint draws the same, in whatever order it is read', () => {
  fc.assert(
    fc.property(b32, fc.uniqueArray(b32, { maxLength: 40 }), (root, refs) => {
      const drawn = drawInspections({ root, refs });
      expect(drawn).toHaveLength(sampleSize(refs.length));
      expect(new Set(drawn).size).toBe(drawn.length);
      expect(drawInspections({ root, refs: refs.toReversed() })).toEqual(drawn);
    }),
  );
});

test('the draw is that of H("recourse/inspection-draw/1" || root || ref), smallest first', () => {
  const root = Buffer.alloc(32, 7);
  const refs = Array.from({ length: 9 }, (_, n) => Buffer.alloc(32, n));
  const place = (ref: Buffer): string =>
    createHash('sha256')
      .update('recourse/inspection-draw/1')
      .update(root)
      .update(ref)
      .digest('base64url');
  const inOrder = refs.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  const text = (bytes: Buffer): string => bytes.toString('base64url');
  expect(drawInspections({ root: text(root), refs: refs.map(text) })).toEqual(
    inOrder.slice(0, 5).map(text),
  );
});

test('another checkpoint draws others', () => {
  const refs = Array.from({ length: 50 }, (_, n) => Buffer.alloc(32, n).toString('base64url'));
  const roots = [1, 2].map((n) => Buffer.alloc(32, n).toString('base64url'));
  const [one, other] = roots.map((root) => drawInspections({ root, refs }));
  expect(one).not.toEqual(other);
});

test.each([
  ['2026-01-01T00:00:00Z', '2026-Q1', '2026-01-01', '2025-10-01'],
  ['2026-03-31T23:59:59Z', '2026-Q1', '2026-01-01', '2025-10-01'],
  ['2026-06-30T23:59:59Z', '2026-Q2', '2026-04-01', '2026-01-01'],
  ['2026-12-31T23:59:59Z', '2026-Q4', '2026-10-01', '2026-07-01'],
])('%s is in %s', (at, name, ...days) => {
  const quarter = quarterOf(new Date(at));
  const [start, before] = days.map((day) => new Date(day));
  expect(quarter).toEqual({ name, start, before });
});
