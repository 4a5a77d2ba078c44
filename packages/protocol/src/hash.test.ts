import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { utf8 } from './bytes.ts';
import { hashBytes, hashText, keyedHash, prefixedHash } from './hash.ts';

test('FIPS 180-4 vector: SHA-256 of abc', () => {
  const expected = Buffer.from(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    'hex',
  ).toString('base64url');
  expect(hashText('abc')).toBe(expected);
  expect(hashBytes(utf8('abc'))).toBe(expected);
});

test('RFC 4231 vector 2: HMAC-SHA-256', () => {
  expect(
    Buffer.from(
      keyedHash(utf8('Jefe'), utf8('what do ya want for nothing?')),
      'base64url',
    ).toString('hex'),
  ).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
});

test('agrees with node:crypto on prefix and parts in order', () => {
  const [a, b] = [utf8('salt'), utf8('value')];
  const expected = createHash('sha256').update('recourse/x/1').update(a).update(b);
  expect(prefixedHash('recourse/x/1', a, b)).toBe(expected.digest('base64url'));
  expect(keyedHash(a, b)).toBe(createHmac('sha256', a).update(b).digest('base64url'));
});

test('each prefix is a domain of its own', () => {
  expect(prefixedHash('recourse/ref/1', utf8('x'))).not.toBe(
    prefixedHash('recourse/pair/1', utf8('x')),
  );
});
