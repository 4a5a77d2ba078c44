import { expect, test } from 'vitest';
import { kindOf } from './finding.ts';

test('a long text is told apart at once', { timeout: 2_000 }, () => {
  expect(kindOf(`a${':'.repeat(120_000)} x`)).toBe('wallet');
  expect(kindOf(`${'1'.repeat(120_000)}x`)).toBe('domain');
});

test.each([
  ['you@example.org', 'email'],
  ['"a b"@example.org', 'email'],
  ['+49 151 12345678', 'phone'],
  ['0151/1234567', 'phone'],
  ['(030) 123-456', 'phone'],
  ['example.org', 'domain'],
  ['1und1.example', 'domain'],
  ['münchen.example', 'domain'],
  ['eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb', 'wallet'],
  ['', 'domain'],
])('%s is taken for its kind', (identifier, kind) => expect(kindOf(identifier)).toBe(kind));
