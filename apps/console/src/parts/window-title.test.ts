import { expect, test } from 'vitest';
import { titleOf } from './window-title.ts';

test('the title of the window begins with how much waits, and has no number where nothing does', () => {
  expect(titleOf('Inbox', 3)).toBe('(3) Inbox – Recourse desk');
  expect(titleOf('Inbox', 0)).toBe('Inbox – Recourse desk');
  expect(titleOf(undefined, 0)).toBe('Recourse desk');
});
