import { expect, test } from 'vitest';
import { cursorId, cursorOf } from './views.ts';
import { found } from '../kernel/refusal.ts';

const coded = (code: string): unknown => expect.objectContaining({ code });

test('a cursor stands for the id it was made of', () => {
  const id = 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0';
  expect(cursorOf(id)).toMatch(/^[\w-]+$/);
  expect(cursorId(cursorOf(id))).toBe(id);
});

test.each(['', '!', '=', cursorOf('plt_01hzy3v7q8e9k4m5n6p7r8s9t0'), cursorOf('snc_x')])(
  'what no list gave out is an invalid input: %j',
  (cursor) => {
    expect(() => cursorId(cursor)).toThrow(coded('invalid-input'));
    expect(() => cursorId(cursor)).toThrow(
      expect.objectContaining({ issues: [{ path: 'cursor', code: 'unknown' }] }),
    );
  },
);

test('missing and not the caller’s have one answer', () => {
  const row = { party: 'plt_a' };
  expect(found(row, ({ party }) => party === 'plt_a')).toBe(row);
  expect(() => found(row, ({ party }) => party === 'plt_b')).toThrow(coded('not-found'));
  expect(() => found(undefined, () => true)).toThrow(coded('not-found'));
});
