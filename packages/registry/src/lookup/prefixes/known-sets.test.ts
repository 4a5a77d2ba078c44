import { PrefixSet } from '@recourse/blind/prefixes';
import { expect, test } from 'vitest';
import { KnownSets } from './known-sets.ts';

test('a delta that could not be made is made once what is stored was righted', async () => {
  const sets = new KnownSets();
  const set = PrefixSet.of(Uint32Array.of(1, 2), 20);
  const version = { epoch: 1, version: 2 } as Parameters<KnownSets['delta']>[1]['version'];
  const by = (added: number): ReturnType<KnownSets['delta']> =>
    sets.delta(1, {
      version,
      set,
      changes: { added: Uint32Array.of(added), removed: new Uint32Array() },
    });
  expect(await by(3)).toBeUndefined();
  expect(await by(2)).toBeDefined();
});
