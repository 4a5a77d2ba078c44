import { expect, test } from 'vitest';
import { bytes32, codeOf, origin, platformA } from '../tests/fixtures.ts';
import { toBase64url, utf8 } from './bytes.ts';
import { decodeInvite, encodeInvite, type Invite } from './invite.ts';

const invite: Invite = {
  origin,
  code: bytes32(7),
  party: platformA,
  role: 'trust',
  admin: true,
  logKey: bytes32(9),
  policy: bytes32(11),
};
const encoded = (value: unknown): string =>
  `recourse-invite-1.${toBase64url(utf8(JSON.stringify(value)))}`;

test('an invite survives the way through a mail, with white space around it', () => {
  expect(decodeInvite(` ${encodeInvite(invite)}\n`)).toEqual(invite);
});

test('an invite has one spelling', () => {
  const reordered = Object.fromEntries(Object.entries(invite).toReversed()) as Invite;
  expect(encodeInvite(reordered)).toBe(encodeInvite(invite));
});

test.each([
  ['without its prefix', () => encodeInvite(invite).slice(18), 'payload-invalid'],
  ['of another version', () => encodeInvite(invite).replace('-1.', '-2.'), 'payload-invalid'],
  ['with padding', () => `${encodeInvite(invite)}=`, 'base64url-invalid'],
  ['that is no JSON', () => 'recourse-invite-1.AAAA', 'json-invalid'],
  ['with an unknown member', () => encoded({ ...invite, next: 'x' }), 'payload-invalid'],
  ['without a log key', () => encoded({ ...invite, logKey: undefined }), 'payload-invalid'],
  ['without a witness policy', () => encoded({ ...invite, policy: undefined }), 'payload-invalid'],
  ['to a script', () => encoded({ ...invite, origin: 'javascript:alert(1)' }), 'payload-invalid'],
  ['with a short code', () => encoded({ ...invite, code: '1234' }), 'payload-invalid'],
  ['of no party', () => encoded({ ...invite, party: 'plt_x' }), 'payload-invalid'],
  ['that is too long', () => encodeInvite(invite).padEnd(3000, 'A'), 'payload-invalid'],
])('an invite %s is refused', async (_, text, code) => {
  expect(await codeOf(() => decodeInvite(text()))).toBe(code);
});
