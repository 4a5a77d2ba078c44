import { bookBlocks, journalBlock, type BookJwe, type BookName } from '@recourse/protocol';
import { type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { setRevoked } from '../src/parties/key-store.ts';
import { newSealingKey, startAppealRegistry } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { publishKey, sealedJournal } from './journals-fixture.ts';
import { addSupport } from './parties-fixtures.ts';
import { problem, sqlState } from './sanctions-harness.ts';

// Books of a platform: names of its people, and who does what. The registry keeps them sealed.

const checkViolation = '23514';
const notAllowed = '42501';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterAll(() => registry.close());

let sealed: BookJwe;
beforeEach(async () => {
  // As the superuser of a test: the guard lets nobody else erase what is still read.
  await sql`truncate books`.execute(registry.ownerDb);
  const { admin, id: iss } = registry.parties.harbour;
  const { key } = await publishKey(registry, { by: admin, iss });
  sealed = await sealedJournal([key]);
});

const put = (by: TestKey, book: BookName, { after = 0, jwe = sealed } = {}) =>
  registry.call(by, 'journals.putBook', { book, after, jwe });
const get = (by: TestKey, book: BookName) => registry.call(by, 'journals.getBook', { book });
const attack = (statement: RawBuilder<unknown>): Promise<string> =>
  sqlState(statement.execute(registry.db));
const write = (by: TestKey, book: BookName, version: number) =>
  sql`insert into books (party, book, version, kid, at, jwe)
    values (${registry.parties.harbour.id}, ${book}, ${version}, ${by.kid}, ${registry.now()}, '{}')`;

test('a book is read by the trust keys of its platform alone, as it was sealed', async () => {
  const { harbour, tubely, panel, operator } = registry.parties;
  resultOf(await put(harbour.admin, 'names'));
  for (const by of [harbour.admin, harbour.trust, harbour.trust2])
    expect(resultOf(await get(by, 'names'))).toEqual({ book: 'names', version: 1, jwe: sealed });
  expect(resultOf(await get(tubely.trust, 'names'))).toEqual({ book: 'names', version: 0 });
  const support = await addSupport(registry, harbour);
  for (const by of [support, harbour.service, panel[0], operator[0]])
    expect(problem(await get(by, 'names'))).toEqual(['role-not-allowed']);
});

test('names are written by an admin key alone, work by any trust key', async () => {
  const { trust, admin } = registry.parties.harbour;
  expect(problem(await put(trust, 'names'))).toEqual(['role-not-allowed']);
  expect(problem(await put(trust, 'work'))).toEqual(['200']);
  expect(problem(await put(admin, 'names'))).toEqual(['200']);
  expect(await attack(write(trust, 'names', 1))).toBe(checkViolation);
  const rewrite = sql`update books set version = 2, kid = ${trust.kid} where book = 'names'`;
  expect(await attack(rewrite)).toBe(checkViolation);
});

test('of two colleagues who write after the same version one is told so, also at once', async () => {
  const { trust, trust2 } = registry.parties.harbour;
  const both = await Promise.all([put(trust, 'work'), put(trust2, 'work')]);
  expect(both.map(problem).toSorted()).toEqual([['200'], ['state-conflict', 'book-changed']]);
  expect(problem(await put(trust, 'work', { after: 0 }))).toEqual([
    'state-conflict',
    'book-changed',
  ]);
  expect(problem(await put(trust, 'work', { after: 2 }))).toEqual([
    'state-conflict',
    'book-changed',
  ]);
  expect(resultOf(await put(trust2, 'work', { after: 1 }))).toEqual({ book: 'work', version: 2 });
  const again = sql`update books set version = 2, kid = ${trust.kid} where book = 'work'`;
  expect(await attack(again)).toBe(checkViolation);
  expect(await attack(write(trust, 'names', 7))).toBe(checkViolation);
});

test('it is sealed to current colleagues and nobody else, in one of eight sizes', async () => {
  const { admin } = registry.parties.harbour;
  const stranger = await sealedJournal([await newSealingKey()]);
  expect(problem(await put(admin, 'names', { jwe: stranger }))).toEqual([
    'state-conflict',
    'keys-changed',
  ]);
  const of = (bytes: number): BookJwe => ({
    ...sealed,
    ciphertext: Buffer.alloc(bytes).toString('base64url'),
  });
  for (const bytes of [1, journalBlock + 1, (bookBlocks + 1) * journalBlock])
    expect(problem(await put(admin, 'names', { jwe: of(bytes) }))[0]).toBe('invalid-input');
  expect(problem(await put(admin, 'names', { jwe: of(bookBlocks * journalBlock) }))).toEqual([
    '200',
  ]);
  const large = { ciphertext: 'A'.repeat(140_000) };
  const rewrite = sql`update books set version = 2, jwe = ${JSON.stringify(large)}::jsonb`;
  expect(await attack(rewrite)).toBe(checkViolation);
});

test('each member of it is base64url: a character that the database cannot keep is refused, and no fault', async () => {
  const { admin } = registry.parties.harbour;
  const [one] = sealed.recipients;
  const wrong: BookJwe[] = [
    { ...sealed, iv: 'AAAA\0' },
    { ...sealed, tag: 'AAAA\0' },
    { ...sealed, protected: 'AAAA\0' },
    { ...sealed, recipients: [{ ...one!, encrypted_key: 'AAAA\0' }] },
  ];
  for (const jwe of wrong)
    expect(problem(await put(admin, 'work', { jwe }))[0]).toBe('invalid-input');
});

test('nobody moves or erases it while a trust key of its platform is live; with the last one it goes', async () => {
  const { market, harbour } = registry.parties;
  const { key } = await publishKey(registry, { by: market.admin, iss: market.id });
  const theirs = await sealedJournal([key]);
  resultOf(await put(market.admin, 'names', { jwe: theirs }));
  resultOf(await put(harbour.admin, 'names'));
  expect(await attack(sql`delete from books`)).toBe(checkViolation);
  for (const change of [`party = '${harbour.id}'`, `book = 'work'`])
    expect(await attack(sql`update books set ${sql.raw(change)}`)).toBe(notAllowed);
  const kept = async () =>
    (await sql<{ party: string }>`select party from books`.execute(registry.ownerDb)).rows.length;
  // As a re-enrolment revokes them, one after another.
  const revoked = { at: registry.now(), why: 'retired', since: null, entry: '' } as const;
  for (const [at, { kid }] of [market.trust, market.trust2, market.admin].entries()) {
    expect(await kept()).toBe(2);
    await setRevoked(registry.db, kid, revoked);
    expect(await kept()).toBe(at < 2 ? 2 : 1);
  }
});
