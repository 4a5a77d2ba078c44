import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { bytes32, codeOf } from '../tests/fixtures.ts';
import { fromBase64url, utf8 } from './bytes.ts';
import { accountCommitment, caseKey, EvidenceCommitment, inviteKey } from './commitments.ts';

const salt = bytes32(7);
const sha256 = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('base64url');
};

test('evidence: H("recourse/evidence/1" || salt || bytes), however the bytes are cut', () => {
  const expected = sha256('recourse/evidence/1', fromBase64url(salt), 'chargebacks.csv');
  const whole = new EvidenceCommitment(salt).update(utf8('chargebacks.csv')).digest();
  const cut = new EvidenceCommitment(salt)
    .update(utf8('charge'))
    .update(utf8('backs.csv'))
    .digest();
  expect([whole, cut]).toEqual([expected, expected]);
});

test('evidence: bytes and salt both count', () => {
  const commitment = (s: string, text: string) =>
    new EvidenceCommitment(s).update(utf8(text)).digest();
  const all = [
    commitment(salt, 'a'),
    commitment(salt, 'b'),
    commitment(bytes32(8), 'a'),
    commitment(salt, ''),
  ];
  expect(new Set(all).size).toBe(4);
});

test('evidence: a salt that is no base64url is refused', async () => {
  expect(await codeOf(() => new EvidenceCommitment('salt!'))).toBe('base64url-invalid');
});

test('account: salted, so that one written from a template cannot be guessed from a statement', () => {
  const text = 'Refunds were claimed for goods that had arrived.';
  expect(accountCommitment({ text, salt })).toBe(
    sha256('recourse/account/1', fromBase64url(salt), text),
  );
  expect(accountCommitment({ text, salt: bytes32(8) })).not.toBe(accountCommitment({ text, salt }));
});

test('case codes and invite codes are domains of their own', () => {
  expect(caseKey('ABCD')).toBe(sha256('recourse/case/1', 'ABCD'));
  expect(inviteKey('ABCD')).toBe(sha256('recourse/invite/1', 'ABCD'));
});
