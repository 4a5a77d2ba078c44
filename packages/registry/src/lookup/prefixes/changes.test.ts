import { PrefixSet, type SetChanges } from '@recourse/blind/prefixes';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { netChanges, packPrefixes, soundly, unpackPrefixes } from './changes.ts';

const sorted = (prefixes: Iterable<number>): Uint32Array => Uint32Array.from(prefixes).sort();

const setOf = (prefixes: Iterable<number>): PrefixSet => PrefixSet.of(sorted(prefixes), 20);

const between = (from: ReadonlySet<number>, to: ReadonlySet<number>): SetChanges => ({
  added: sorted(to.difference(from)),
  removed: sorted(from.difference(to)),
});

const someSets = fc.array(
  fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 30 }).map((all) => new Set(all)),
  { minLength: 2, maxLength: 6 },
);

test('what several versions changed leads from the first to the last, in one step and by one delta', async () => {
  await fc.assert(
    fc.asyncProperty(someSets, async (sets) => {
      const steps = sets.slice(1).map((to, i) => between(sets[i]!, to));
      const net = netChanges(steps);
      const [from, to] = [setOf(sets[0]!), setOf(sets.at(-1)!)];
      expect(net).toEqual(between(sets[0]!, sets.at(-1)!));
      expect((await from.with(net)).values()).toEqual(to.values());
      expect((await from.apply(await to.deltaBy(net))).values()).toEqual(to.values());
    }),
  );
});

test('changes of another set make none', async () => {
  const set = setOf([1, 5, 9]);
  const none = new Uint32Array();
  const wrong: SetChanges[] = [
    { added: none, removed: Uint32Array.of(2) },
    { added: Uint32Array.of(5), removed: none },
    { added: none, removed: Uint32Array.of(1, 5, 9, 12) },
    { added: Uint32Array.of(7, 6), removed: none },
    { added: Uint32Array.of(2 ** 20), removed: none },
  ];
  const made = await Promise.all(wrong.map((changes) => soundly(() => set.with(changes))));
  expect(made).toEqual(wrong.map(() => undefined));
});

test('packed prefixes are four bytes each, the highest first', () => {
  const prefixes = Uint32Array.of(0, 1, 0xfffe_fdfc);
  const packed = Buffer.from(packPrefixes(prefixes));
  expect(packed.toString('hex')).toBe('0000000000000001fffefdfc');
  // Bytes of the driver begin anywhere in their buffer.
  const unaligned = Buffer.concat([Buffer.alloc(1), packed]).subarray(1);
  expect(unpackPrefixes(unaligned)).toEqual(prefixes);
});
