import { caseKey } from '@recourse/protocol';
import { newSecret, type TestPlatform, type TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findByEmail, resultOf as caseResultOf } from './cases-fixture.ts';
import { list, resultOf, subject } from './checks-fixture.ts';
import { day, RotatingRegistry, tokenOf } from './rotation-fixture.ts';

let rotating: RotatingRegistry;
let registry: TestRegistry;
let harbour: TestPlatform;
let tubely: TestPlatform;

beforeEach(async () => {
  rotating = await RotatingRegistry.start();
  registry = rotating.registry;
  ({ harbour, tubely } = registry.parties);
});
afterEach(() => registry.close());

const account = 'acct:4711@tubely.example';

const listed = () =>
  list(registry, harbour, {
    subjects: [subject('account', { token: tokenOf(1, account, 'account') })],
  });

/** Tubely vouches that whoever made the secret holds the account. */
const vouch = (secret: string) =>
  registry.call(tubely.trust, 'subjects.ticket', {
    identifier: account,
    kind: 'account',
    request: caseKey(secret),
  });

const found = async (secret: string): Promise<number> =>
  caseResultOf(await registry.caseCall('case.ticket', { secret, newKey: newSecret() })).found
    .length;

test('a creator finds their case by a ticket before, during and after a rotation', async () => {
  const sanction = await listed();
  const early = newSecret();
  resultOf(await vouch(early));
  await rotating.open();
  const during = newSecret();
  resultOf(await vouch(during));
  expect(await found(during)).toBe(1);
  const given = { subject: { token: tokenOf(2, account, 'account') } };
  const before = { input: { before: [tokenOf(1, account, 'account')] } };
  resultOf(await rotating.retokenise(harbour, sanction, [account], { ...given, ...before }));
  const late = newSecret();
  resultOf(await vouch(late));
  expect(await found(late)).toBe(1);
  rotating.close();
  expect(await found(early)).toBe(1);
  const after = newSecret();
  resultOf(await vouch(after));
  expect(await found(after)).toBe(1);
  registry.advance(day);
});

test('a proof of an address finds each case once, whichever of both epochs its tokens are of', async () => {
  const email = 'seller@mail.example';
  const subjects = [subject('email', { token: tokenOf(1, email, 'email') })];
  const first = await list(registry, harbour, { subjects });
  await list(registry, tubely, { subjects });
  await rotating.open();
  const given = { subject: { token: tokenOf(2, email, 'email') } };
  const before = { input: { before: [tokenOf(1, email, 'email')] } };
  resultOf(await rotating.retokenise(harbour, first, [email], { ...given, ...before }));
  expect((await findByEmail(registry, email)).found).toHaveLength(2);
  rotating.close();
  expect((await findByEmail(registry, email)).found).toHaveLength(1);
});
