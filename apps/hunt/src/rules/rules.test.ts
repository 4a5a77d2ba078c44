import { expect, test } from 'vitest';
import { rules } from './rules.ts';
import { edited, sourceOf } from './take-out.ts';

test.each(rules.map((rule) => [rule.id, rule] as const))(
  'without %s sources are what the list says',
  (_, { edits = [], drops = [] }) => {
    const changed = new Map<string, string>();
    for (const edit of edits) {
      const before = changed.get(edit.file) ?? sourceOf(edit.file);
      changed.set(edit.file, edited(before, edit));
    }
    expect(changed.size + drops.length).toBeGreaterThan(0);
  },
);

test('no two rules have one id', () => {
  const ids = rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
