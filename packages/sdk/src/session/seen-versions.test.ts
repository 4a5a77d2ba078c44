import { expect, it } from 'vitest';
import { SeenVersions } from './seen-versions.ts';

it('keeps the highest version of a sanction, and drops lower ones', () => {
  const seen = new SeenVersions();
  expect([2, 3, 2, 3, 4].map((version) => seen.see('snc_a', version))).toEqual([
    true,
    true,
    false,
    true,
    true,
  ]);
});

it('forgets the sanction seen longest ago, so that its memory is bounded', () => {
  const seen = new SeenVersions(2);
  seen.see('snc_a', 5);
  seen.see('snc_b', 5);
  seen.see('snc_a', 5);
  seen.see('snc_c', 5);
  expect(seen.see('snc_a', 4)).toBe(false);
  expect(seen.see('snc_b', 4)).toBe(true);
});
