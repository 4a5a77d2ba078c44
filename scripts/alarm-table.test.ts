import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';

test('an honest member is stopped by a window less often than once in a million', () => {
  const [, honest = ''] = readFileSync(new URL('../docs/alarms.md', import.meta.url), 'utf8').split(
    '| 100 % |',
  );
  const stopped = honest.split('\n', 1).join().split('|').slice(0, 3).map(Number);
  expect(stopped.every((p) => p < 1e-6)).toBe(true);
});
