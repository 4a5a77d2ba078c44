import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../tests/fixtures.ts';
import { parseTilePath, tilePath, type TilePath } from './index.ts';

const paths = fc.record<TilePath>({
  level: fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const)),
  index: fc.oneof(fc.nat(2000), fc.maxSafeNat()),
  width: fc.integer({ min: 1, max: 256 }),
});

describe('the path of a tile (tlog-tiles)', () => {
  test.each<[string, TilePath]>([
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['tile/63/x001/000.p/1', { level: 63, index: 1000, width: 1 }],
    ['tile/1/999.p/255', { level: 1, index: 999, width: 255 }],
    ['tile/entries/x123/x456/789.p/42', { level: 'entries', index: 123_456_789, width: 42 }],
    [
      'tile/0/x009/x007/x199/x254/x740/991',
      { level: 0, index: Number.MAX_SAFE_INTEGER, width: 256 },
    ],
  ])('%s', (path, tile) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  test('is read back at any place', () => {
    fc.assert(
      fc.property(paths, (tile) => {
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
    );
  });

  test.each([
    '',
    'tile/0/',
    '/tile/0/000',
    'tile/0/000/',
    'tile/00/000',
    'tile/64/000',
    'tile/100/000',
    'tile/-1/000',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001/x002',
    'tile/0/x001x002/003',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/257',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000.p/1.p/1',
    'tile/0/٠٠٠',
    'tile/data/000',
    'tile/0/000\n',
    'tile/0/../000',
    `tile/0/${'x001/'.repeat(11)}001`,
    `tile/0/${'x001/'.repeat(100_000)}001`,
  ])('is not %j', async (path) => {
    expect(await codeOf(() => parseTilePath(path))).toBe('path-malformed');
  });

  test('ends at index 2^53 - 1', async () => {
    expect(await codeOf(() => parseTilePath('tile/0/x009/x007/x199/x254/x740/992'))).toBe(
      'size-invalid',
    );
    expect(await codeOf(() => parseTilePath(`tile/0/${'x999/'.repeat(10)}999`))).toBe(
      'size-invalid',
    );
  });

  test.each<Partial<TilePath>>([
    { level: -1 },
    { level: 64 },
    { level: 0.5 },
    { index: -1 },
    { index: 1.5 },
    { index: 2 ** 53 },
    { width: 0 },
    { width: 257 },
    { width: Number.NaN },
  ])('is not made for %j', async (wrong) => {
    const tile: TilePath = { level: 0, index: 0, width: 256, ...wrong };
    expect(await codeOf(() => tilePath(tile))).toBe('path-malformed');
  });
});
