import { expect, test } from 'vitest';
import { assertPlainKey, foundKey } from './secrets.ts';

const key = Buffer.alloc(32, 7).toString('base64url');

test('each found case opens with a key of its own, which is none of the others', () => {
  const keys = [foundKey(key, 0), foundKey(key, 1), foundKey(key, 10)];
  expect(new Set(keys).size).toBe(3);
  expect(foundKey(key, 1)).toBe(keys[1]);
  expect(foundKey(Buffer.alloc(32, 8).toString('base64url'), 1)).not.toBe(keys[1]);
});

test('a new key has no number behind it', () => {
  expect(() => assertPlainKey(key)).not.toThrow();
  expect(() => assertPlainKey(`${key}.1`)).toThrow(
    expect.objectContaining({
      code: 'invalid-input',
      issues: [{ path: 'newKey', code: 'numbered' }],
    }),
  );
});
