import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostEntries, PrefixSet } from './prefix-set.ts';
import { PrefixTally } from './prefix-tally.ts';

const tallyOf = (prefixes: Iterable<number>, most?: number): PrefixTally => {
  const tally = new PrefixTally(most);
  for (const prefix of prefixes) tally.add(prefix);
  return tally;
};

const countedBy = (tally: PrefixTally, bits: number): [number, number][] =>
  [...tally.counted(bits)].flatMap(({ prefixes, counts }) =>
    [...prefixes].map((prefix, i): [number, number] => [prefix, counts[i]!]),
  );

test('the prefixes come ascending, each with the number of its tokens, at any width', () => {
  const prefix = fc.oneof(
    fc.nat(300),
    fc.nat(2 ** 32 - 1),
    fc.nat(300).map((n) => 2 ** 32 - 1 - n),
  );
  fc.assert(
    fc.property(
      fc.array(prefix, { maxLength: 400 }),
      fc.integer({ min: 8, max: 32 }),
      (all, bits) => {
        const counts = new Map<number, number>();
        for (const long of all) {
          const short = long >>> (32 - bits);
          counts.set(short, (counts.get(short) ?? 0) + 1);
        }
        const tally = tallyOf(all);
        expect(countedBy(tally, bits)).toEqual([...counts].toSorted(([a], [b]) => a - b));
        expect(tally.size).toBe(all.length);
      },
    ),
  );
});

test('more tokens than a set may have are refused, by the tally and by the set', () => {
  const tooMany = expect.objectContaining({ code: 'prefixes-too-many' });
  expect(() => tallyOf([1, 2, 3], 3)).not.toThrow();
  expect(() => tallyOf([1, 2, 3, 4], 3)).toThrow(tooMany);
  expect(() => PrefixSet.of(new Uint32Array(mostEntries + 1), 32)).toThrow(tooMany);
});
