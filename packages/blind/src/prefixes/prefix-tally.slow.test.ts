import { expect, test } from 'vitest';
import { PrefixTally } from './prefix-tally.ts';

test('there may be more tokens than a Map has entries', () => {
  const tokens = 2 ** 24 + 1_000;
  const tally = new PrefixTally();
  // Every 250th of all integers of 32 bits.
  for (let n = 0; n < tokens; n++) tally.add(n * 250);
  let entries = 0;
  for (const { prefixes } of tally.counted(32)) entries += prefixes.length;
  expect([tally.size, entries]).toEqual([tokens, tokens]);
});
