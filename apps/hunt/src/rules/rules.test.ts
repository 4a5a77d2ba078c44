import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rules } from './rules.ts';
import { edited } from './take-out.ts';

const root = new URL('../../../../', import.meta.url);

test.each(rules.map((rule) => [rule.id, rule] as const))(
  'without %s sources are what the list says',
  (_, { edits = [], drops = [] }) => {
    const changed = new Map<string, string>();
    for (const edit of edits) {
      const before = changed.get(edit.file) ?? readFileSync(new URL(edit.file, root), 'utf8');
      changed.set(edit.file, edited(before, edit));
    }
    expect(changed.size + drops.length).toBeGreaterThan(0);
  },
);

test('no two rules have one id', () => {
  const ids = rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
