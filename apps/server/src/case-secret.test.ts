import { randomBytes } from 'node:crypto';
import { caseSecret, newCaseSecret } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { newJti, readCaseSecret } from './case-secret.ts';

const random = (size: number): Uint8Array => randomBytes(size);
const secret = 'abcd-0123-efgh-4567-jkmn-8901-pqrs-tvwx';

test('a new secret is one of the protocol, and another each time', () => {
  const made = Array.from({ length: 200 }, () => newCaseSecret(random));
  for (const secret of made) expect(caseSecret.safeParse(secret).success).toBe(true);
  expect(new Set(made).size).toBe(200);
  // Every letter of the alphabet comes up: no bit of the 160 is fixed.
  expect(new Set(made.join('').replaceAll('-', '')).size).toBe(32);
  expect(newJti(random)).toMatch(/^[\w-]{24}$/);
});

test.each([
  secret,
  ` ${secret}\n`,
  secret.toUpperCase(),
  secret.replaceAll('-', ''),
  secret.replaceAll('-', ' '),
  secret.replaceAll('-', '\u2011'),
  secret.replaceAll('0', 'O').replaceAll('1', 'l'),
  `https://registry.test/case#${secret}`,
])('%j is read as the secret it is', (typed) => {
  expect(readCaseSecret(typed)).toBe(secret);
});

test('the key of a found case keeps its number', () => {
  expect(readCaseSecret(`${secret}.12`)).toBe(`${secret}.12`);
});

test.each([
  '',
  'x',
  secret.slice(1),
  `${secret}a`,
  `${secret}.1234`,
  secret.replace('a', 'u'),
  '#',
])('%j is no secret', (typed) => {
  expect(readCaseSecret(typed)).toBeUndefined();
});
