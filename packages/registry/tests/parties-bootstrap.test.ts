import { generateKey, inviteKey, signerFromJwk, verifyKeyChain } from '@recourse/protocol';
import { connect, deadlinesOf, makeServices, Vault } from '@recourse/registry';
import { freshDatabase, testOrigin, testTokens, type TestRegistry } from '@recourse/testkit';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrapOperator } from '../src/parties/bootstrap.ts';
import { listParties, partyKeys } from '../src/parties/directory.ts';
import { enrol, problemOf } from './parties-fixtures.ts';

let registry: Pick<TestRegistry, 'services' | 'now' | 'db'>;
let drop: () => Promise<void>;
beforeAll(async () => {
  const database = await freshDatabase();
  drop = () => database.drop();
  const db = connect({ url: database.url, role: 'recourse_service' });
  const now = () => new Date();
  const services = makeServices({
    db,
    origin: testOrigin,
    clock: now,
    random: (size) => randomBytes(size),
    place: () => 0,
    receiptSigner: await signerFromJwk(await generateKey()),
    eventSigner: await signerFromJwk(await generateKey()),
    proofs: { mailCode: async () => {}, textCode: () => {}, txtRecords: async () => [] },
    news: { available: false, mailNews: async () => {} },
    notices: { sends: () => false, send: async () => 'refused' as const, wake: () => {} },
    vault: new Vault(randomBytes(32)),
    tokens: testTokens(),
    deadlines: deadlinesOf({}, { sandbox: false }),
  });
  registry = { services, now, db };
});
afterAll(async () => {
  await registry.db.destroy();
  await drop();
});

test('a new registry has an operator, a panel and one invite; the last start is the one that counts', async () => {
  const { services } = registry;
  const starts = await Promise.all([bootstrapOperator(services), bootstrapOperator(services)]);
  const last = (await bootstrapOperator(services))!;
  expect((await listParties(registry.db, registry.now())).map(({ kind }) => kind).sort()).toEqual([
    'operator',
    'panel',
  ]);
  const invites = await registry.db.selectFrom('invites').selectAll().execute();
  expect(invites.filter(({ redeemed_at: at }) => at === null).map((row) => row.code_hash)).toEqual([
    inviteKey(last.code),
  ]);
  for (const start of starts)
    expect(await problemOf(enrol(registry as TestRegistry, start!))).toBe('invite-invalid');

  const enrolled = await enrol(registry as TestRegistry, last);
  expect(enrolled).toMatchObject({ party: 'operator', state: 'active' });
  const published = (await partyKeys(registry.db, 'operator'))!;
  const chain = await verifyKeyChain(published, { audience: testOrigin, party: 'operator' });
  expect(chain.get(enrolled.kid)).toMatchObject({ role: 'operator', admin: true });

  expect(await bootstrapOperator(services)).toBeNull();
  expect(await problemOf(enrol(registry as TestRegistry, last))).toBe('invite-invalid');
});
