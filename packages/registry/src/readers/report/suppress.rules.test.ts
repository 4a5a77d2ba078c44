import { smallestCell } from '@recourse/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hiddenOf, publish, type Leaf } from './suppress.rules.ts';

const counts = (...values: number[]): Map<string, number> =>
  new Map(values.map((n, i) => [`c${i}`, n]));

const hidden = (...values: number[]): number[] =>
  [...hiddenOf(counts(...values))]
    .map((key) => values[Number(key.slice(1))]!)
    .toSorted((a, b) => a - b);

describe('cells below five are hidden, with as many others as keep them unknown', () => {
  test.each([
    [[], []],
    [[5, 9], []],
    [
      [4, 4, 9],
      [4, 4],
    ],
    // Either could be five.
    [
      [2, 4, 9],
      [2, 4],
    ],
    [
      [1, 9, 20],
      [1, 9],
    ],
    [
      [1, 1, 9, 20],
      [1, 1, 9],
    ],
    [
      [2, 3, 9],
      [2, 3, 9],
    ],
    [
      [2, 2, 2, 9],
      [2, 2, 2, 9],
    ],
    [[3], [3]],
  ])('of %j: %j', (values, expected) => {
    expect(hidden(...values)).toEqual(expected);
  });
});

test('of two cells of one size it is the same one that is hidden, in whatever order they are read', () => {
  const cells: [string, number][] = [
    ['a', 9],
    ['b', 9],
    ['c', 1],
  ];
  for (const order of [cells, cells.toReversed()]) {
    expect([...hiddenOf(new Map(order))].toSorted()).toEqual(['a', 'c']);
  }
});

/** Everything a reader has of one figure: its total, and what is published below it. */
const readerSees = (all: readonly Leaf[]): string => {
  const leaves = all.filter(({ n }) => n > 0);
  const { years, months } = publish(leaves, () => true);
  const total = leaves.reduce((sum, { n }) => sum + n, 0);
  const listed = (cells: ReadonlyMap<string, number>): unknown =>
    [...cells].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([total, listed(years), listed(months)]);
};

const at = (leaves: readonly Leaf[], index: number, n: number): Leaf[] =>
  leaves.map((leaf, i) => (i === index ? { ...leaf, n } : leaf));

/**
 * A reader who knows the rule looks for other counts that would be published as the same: a hidden cell is known only if
 * there are none. Units are moved between two cells, over all pairs and amounts.
 */
function couldBeOtherwise(leaves: readonly Leaf[], index: number): boolean {
  const seen = readerSees(leaves);
  const { n } = leaves[index]!;
  return leaves.some((other, j) => {
    if (j === index) return false;
    for (let moved = -other.n; moved <= n; moved++) {
      if (moved === 0) continue;
      const changed = at(at(leaves, index, n - moved), j, other.n + moved);
      if (readerSees(changed) === seen) return true;
    }
    return false;
  });
}

const grids = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 2 }),
    fc.integer({ min: 1, max: 3 }),
  )
  .chain(([reasons, years, months]) => {
    const cells = Array.from({ length: reasons * years * months }, (_, i) => ({
      reason: `r${i % reasons}`,
      month: `${2025 + (Math.floor(i / reasons) % years)}-0${1 + Math.floor(i / (reasons * years))}`,
    }));
    return fc
      .array(fc.oneof(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 20 })), {
        minLength: cells.length,
        maxLength: cells.length,
      })
      .map((values): Leaf[] => cells.map((cell, i) => ({ ...cell, n: values[i]! })));
  });

test('no hidden cell can be computed from what is published, by a reader who knows the rule', () => {
  fc.assert(
    fc.property(grids, (all) => {
      const leaves = all.filter(({ n }) => n > 0);
      const { years, months } = publish(leaves, () => true);
      for (const n of [...years.values(), ...months.values()])
        expect(n).toBeGreaterThanOrEqual(smallestCell);
      // With a cell of 0 beside: of a platform with one cell, the total is that cell, and is published by rule.
      const candidates = [...leaves, { reason: 'other', month: '2025-09', n: 0 }];
      for (const [index, leaf] of leaves.entries()) {
        if (months.has(`${leaf.month} ${leaf.reason}`)) continue;
        // A year of one month is published as that year; its month is no smaller.
        if (
          leaf.n >= smallestCell &&
          years.get(`${leaf.month.slice(0, 4)} ${leaf.reason}`) === leaf.n
        )
          continue;
        expect({ leaf, isOpen: couldBeOtherwise(candidates, index) }).toEqual({
          leaf,
          isOpen: true,
        });
      }
    }),
    { numRuns: 400, seed: 20261125 },
  );
});

test('years that are not told by month are told as a whole', () => {
  const leaves = ['2024-01', '2025-01'].map((month) => ({ reason: 'r', month, n: 9 }));
  const { years, months } = publish(leaves, (year) => year === '2025');
  expect([...years.keys()]).toEqual(['2024 r', '2025 r']);
  expect([...months]).toEqual([['2025-01 r', 9]]);
});
