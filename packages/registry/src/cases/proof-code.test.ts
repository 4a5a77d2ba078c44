import { expect, test } from 'vitest';
import { isSame, mailedCode, proofValue, readCode, type ProofClaim } from './proof-code.ts';
import { Vault } from '../vault/vault.ts';

const vault = new Vault(Buffer.alloc(32, 1));
const proving: ProofClaim = {
  find: 'fnd_01hzy3v7q8e9k4m5n6p7r8s9t0',
  kind: 'email',
  identifier: 'ann@mail.example',
};

test('a mailed code is ten characters that no eye takes for another', () => {
  expect(mailedCode(vault, proving)).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
  expect(proofValue(vault, proving)).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('a proof is of one find, one kind, one identifier and one registry', () => {
  const others = [
    mailedCode(vault, { ...proving, find: 'fnd_01hzy3v7q8e9k4m5n6p7r8s9t1' }),
    mailedCode(vault, { ...proving, kind: 'domain' }),
    mailedCode(vault, { ...proving, identifier: 'anne@mail.example' }),
    mailedCode(new Vault(Buffer.alloc(32, 2)), proving),
  ];
  expect(new Set([mailedCode(vault, proving), ...others]).size).toBe(5);
});

test('a code is read in any case, with separators, and with the letters that digits look like', () => {
  expect(readCode(' 0a1b2-c3d4e ')).toBe('0A1B2C3D4E');
  expect(readCode('oOiIlL')).toBe('001111');
});

test('secrets of other lengths are no match', () => {
  expect(isSame('ABC', 'ABC')).toBe(true);
  expect(isSame('ABC', 'ABD')).toBe(false);
  expect(isSame('ABC', 'ABCD')).toBe(false);
  expect(isSame('ABC', '')).toBe(false);
});

test('a proof is the MAC of its find, kind and identifier, and a mailed code its first 50 bits', () => {
  const mac = vault.proofOf(`recourse/find/1:${proving.find}:email:ann@mail.example`);
  const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  expect(proofValue(vault, proving)).toBe(mac.toString('base64url'));
  expect(mailedCode(vault, proving)).toBe(
    [...mac.subarray(0, 10)].map((byte) => crockford[byte % 32]).join(''),
  );
});
