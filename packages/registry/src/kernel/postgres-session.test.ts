import { expect, test } from 'vitest';
import { isOfConnection } from './postgres-session.ts';

/** As Node makes it of a write behind the last word of the other side: with a code, and no errno. */
const afterEnd = Object.assign(new Error('This socket has been ended by the other party'), {
  code: 'EPIPE',
});

test('a write behind the last word of PostgreSQL fails as a lost connection, and a value that cannot be read does not', () => {
  expect(isOfConnection(afterEnd)).toBe(true);
  expect(isOfConnection(new TypeError('not a number'))).toBe(false);
});
