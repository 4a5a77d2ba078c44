import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { personalHash } from '../src/cases/wallet-proof.ts';
import { caseAbout, claim, findByEmail, open, realTokens, resultOf } from './cases-fixture.ts';
import { day, notify, problem } from './sanctions-harness.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

const ask = async (kind: 'email' | 'domain' | 'wallet', identifier: string) =>
  resultOf(await registry.caseCall('case.find', { kind, identifier }));

const prove = (find: string, identifier: string, proof?: string) =>
  registry.caseCall('case.prove', {
    find: find as `fnd_${string}`,
    identifier,
    newKey: newSecret(),
    ...(proof === undefined ? {} : { proof }),
  });

test('a mailed code opens every case of the address by number, whole', async () => {
  const { sanction } = await caseAbout(registry, [['email', 'ann@mail.example']]);
  const { newKey, found } = await findByEmail(registry, ' Ann@Mail.example ');
  expect(found).toMatchObject([{ n: 1, submitter: 'Harbour', state: 'held' }]);
  const view = resultOf(await open(registry, `${newKey}.1`)).case;
  expect(view).toMatchObject({
    sanction,
    access: 'claimant',
    submitter: { name: 'Harbour' },
    facts: { reason: 'fraud.phishing' },
    ways: [{ way: 'proof', kind: 'email' }],
  });
});

test('a second proof adds a way to the same claimant, under the same number', async () => {
  await caseAbout(registry, [
    ['email', 'ben@mail.example'],
    ['email', 'ben2@mail.example'],
  ]);
  await caseAbout(registry, [['email', 'ben@mail.example']], { by: registry.parties.tubely });
  const { newKey, found } = await findByEmail(registry, 'ben@mail.example');
  expect(found.map(({ n }) => n)).toEqual([1, 2]);
  registry.advance(60);
  expect((await findByEmail(registry, 'ben@mail.example', newKey)).found).toHaveLength(2);
  const second = await findByEmail(registry, 'ben2@mail.example', newKey);
  const { n } = second.found[0]!;
  const ways = async (place: number) =>
    (resultOf(await open(registry, `${newKey}.${place}`)).case.ways as object[]).length;
  expect([await ways(n), await ways(3 - n)]).toEqual([2, 1]);
  expect((await open(registry, `${newKey}.3`)).guessed).toBe(true);
});

test('a code and a proof by one key are two ways of one claimant, whichever came first', async () => {
  const email = 'both@mail.example';
  const { code } = await caseAbout(registry, [['email', email]]);
  const first = await claim(registry, code);
  expect((await findByEmail(registry, email, first)).found).toMatchObject([{ n: 0 }]);
  const { newKey } = await findByEmail(registry, email);
  resultOf(await registry.caseCall('case.claim', { code, newKey: `${newKey}.1` }));
  for (const key of [first, `${newKey}.1`]) {
    const { ways } = resultOf(await open(registry, key)).case;
    expect(ways.map(({ way }: { way: string }) => way).toSorted()).toEqual(['handed', 'proof']);
  }
});

test('a record under another number is opened by what is left of a key', async () => {
  await caseAbout(registry, [['email', 'cid@mail.example']]);
  await caseAbout(registry, [['email', 'cid2@mail.example']]);
  const { newKey } = await findByEmail(registry, 'cid@mail.example');
  const { found } = await findByEmail(registry, 'cid2@mail.example', newKey);
  expect(found.map(({ n }) => n)).toEqual([2]);
});

test('expired records are found, drafts are not', async () => {
  const { sanction } = await caseAbout(registry, [['email', 'eve@mail.example']]);
  const { tubely } = registry.parties;
  const draft = await caseAbout(registry, [['email', 'eve@mail.example']], { by: tubely });
  await registry.ownerDb
    .updateTable('sanctions')
    .set({ submitted_at: null, drafted_at: registry.now() })
    .where('id', '=', draft.sanction)
    .execute();
  await notify(registry, sanction);
  registry.advance(200 * day);
  await registry.ownerDb
    .updateTable('sanctions')
    .set({ expires_at: registry.now() })
    .where('id', '=', sanction)
    .execute();
  registry.advance(60);
  const { newKey, found } = await findByEmail(registry, 'eve@mail.example');
  expect(found).toMatchObject([{ n: 1, state: 'expired' }]);
  expect(resultOf(await open(registry, `${newKey}.1`)).case.sanction).toBe(sanction);
});

test('a record that an identifier was detached from is not about whoever has it', async () => {
  const { sanction } = await caseAbout(registry, [['email', 'jo@mail.example']]);
  // As a decision does, which the database asks for.
  await sql`alter table subjects disable trigger subjects_detach`.execute(registry.ownerDb);
  await registry.db
    .updateTable('subjects')
    .set({ detached_at: registry.now() })
    .where('sanction', '=', sanction)
    .execute();
  expect((await findByEmail(registry, 'jo@mail.example')).found).toEqual([]);
});

test('five tries of a proof, then none, also at once', async () => {
  const identifier = 'dan@mail.example';
  await caseAbout(registry, [['email', identifier]]);
  const { find } = await ask('email', identifier);
  const right = registry.proofs.mails.at(-1)!.code;
  const tries = await Promise.all(
    Array.from({ length: 20 }, () => prove(find, identifier, 'WRONGC0DE1')),
  );
  expect(tries.every(({ guessed }) => guessed)).toBe(true);
  const { tries: spent } = await registry.db
    .selectFrom('finds')
    .select('tries')
    .where('id', '=', find)
    .executeTakeFirstOrThrow();
  expect(spent).toBe(5);
  expect((await prove(find, identifier, right)).guessed).toBe(true);
});

test('a proof is used once, for its identifier, and in time', async () => {
  const identifier = 'fay@mail.example';
  await caseAbout(registry, [['email', identifier]]);
  await caseAbout(registry, [['email', 'gil@mail.example']]);
  const question = await ask('email', identifier);
  const code = registry.proofs.mails.at(-1)!.code;
  expect((await prove(question.find, 'gil@mail.example', code)).guessed).toBe(true);
  const both = await Promise.all([
    prove(question.find, identifier, code),
    prove(question.find, identifier, ` ${code.toLowerCase().slice(0, 5)}-${code.slice(5)}`),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 404]);
  const two = await ask('email', identifier);
  const late = registry.proofs.mails.at(-1)!.code;
  registry.advance(1801);
  expect((await prove(two.find, identifier, late)).guessed).toBe(true);
});

test('a TXT record proves a domain, and only that one', async () => {
  await caseAbout(registry, [['domain', 'harbour-copy.example']]);
  const { find, proof } = await ask('domain', 'Harbour-Copy.example.');
  expect(proof).toMatchObject({ by: 'dns', name: '_recourse.harbour-copy.example' });
  expect(proof.value).toHaveLength(43);
  expect((await prove(find, 'harbour-copy.example')).guessed).toBe(true);
  registry.proofs.txt.set(proof.name, ['v=spf1 -all', proof.value]);
  registry.advance(23 * 3600);
  const answer = resultOf(await prove(find, 'harbour-copy.example'));
  expect(answer.found).toMatchObject([{ n: 1 }]);
});

test('a signature proves a wallet; other chains are not supported', async () => {
  const secret = secp256k1.utils.randomSecretKey();
  const point = secp256k1.getPublicKey(secret, false);
  const address = Buffer.from(keccak_256(point.subarray(1)).subarray(12)).toString('hex');
  const wallet = `eip155:1:0x${address}`;
  await caseAbout(registry, [['wallet', wallet]]);
  const { find, proof } = await ask('wallet', wallet);
  const sign = (text: string, key: Uint8Array) => {
    const bytes = secp256k1.sign(personalHash(text), key, { prehash: false, format: 'recovered' });
    // noble puts the recovery bit first, wallets put it last, as 27 or 28.
    return `0x${Buffer.from(bytes.subarray(1)).toString('hex')}${(bytes[0]! + 27).toString(16)}`;
  };
  const stranger = sign(proof.message, secp256k1.utils.randomSecretKey());
  expect((await prove(find, wallet, stranger)).guessed).toBe(true);
  const answer = resultOf(await prove(find, wallet, sign(proof.message, secret)));
  expect(answer.found).toMatchObject([{ n: 1 }]);
  const other = await registry.caseCall('case.find', {
    kind: 'wallet',
    identifier: 'bip122:000000000019d6689c085ae165831e93:128Lkh3S7CkDTBZ8W7BbpsN3YYizJMp8p6',
  });
  expect(problem(other)).toEqual(['invalid-input', 'unsupported-chain']);
});

test('a mail that cannot be sent is answered like one that was, and told to the operator', async () => {
  registry.proofs.broken = true;
  const answer = await registry.caseCall('case.find', {
    kind: 'email',
    identifier: 'hal@mail.example',
  });
  registry.proofs.broken = false;
  const other = await registry.caseCall('case.find', {
    kind: 'email',
    identifier: 'ida@mail.example',
  });
  expect(Object.keys(answer.body.result.data)).toEqual(Object.keys(other.body.result.data));
  expect(answer.status).toBe(200);
  const failure = registry.caseFailures.at(-1)!;
  expect(failure).toEqual({ op: 'case.find', code: 'internal', detail: 'mail-not-sent' });
});
