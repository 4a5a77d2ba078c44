import {
  peekArtefact,
  sealingKeyStatementSchema,
  signCompact,
  type Signer,
} from '@recourse/protocol';
import {
  findInTables,
  testOrigin,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memorySealingKeys, type Recourse } from '../src/index.ts';
import { sealBook } from '../src/journals/seal-journal.ts';
import { codeOf } from './connected.ts';
import { RegistryHttp } from './registry-http.ts';

let http: RegistryHttp;
let registry: TestRegistry;
beforeAll(async () => {
  http = await RegistryHttp.start();
  ({ registry } = http);
});
afterAll(() => registry.close());

let admin: Recourse;
let analyst: Recourse;
beforeEach(async () => {
  await sql`truncate books, sealing_keys`.execute(registry.ownerDb);
  const { harbour } = registry.parties;
  admin = as(harbour, harbour.admin);
  analyst = as(harbour, harbour.trust);
});

/** Somebody at a desk of their own: an admin key is a trust key, too. */
const as = (platform: TestPlatform, { signer, admin: isAdmin }: TestKey): Recourse =>
  http.connectAs(platform, {
    signers: { trust: signer, ...(isAdmin ? { admin: signer } : {}) },
    sealingKeys: memorySealingKeys(),
  });

const canary = 'Zephyrine Quillfeather';
const holderOf = (key: TestKey) => key.holder;
const named = (name: string) => () => ({
  people: [{ holder: holderOf(registry.parties.harbour.trust), name }],
});

describe('names of people', () => {
  it('are read by colleagues as an administrator wrote them', async () => {
    await analyst.journals.join();
    expect(await analyst.journals.openBook('names')).toEqual({ state: 'none' });
    await admin.journals.changeBook('names', named(canary));
    expect(await analyst.journals.openBook('names')).toEqual({
      state: 'open',
      content: named(canary)(),
    });
  });

  it('reach the registry sealed: no name is in any table, in clear or as bytes', async () => {
    await analyst.journals.join();
    await admin.journals.changeBook('names', named(canary));
    const { tables, read } = await findInTables(registry.ownerDb, canary);
    expect(tables).toEqual([]);
    expect(read.tables).toBeGreaterThan(90);
    expect(read.characters).toBeGreaterThan(10_000);
  });

  it('would be found in a table where they were, in clear or as bytes within others', async () => {
    await sql`create table told (text text, bytes bytea, sealed text)`.execute(registry.ownerDb);
    const texts = [canary, `x${canary}`, `xy${canary} and more`];
    const forms = texts.map((text) => Buffer.from(text).toString('base64'));
    try {
      for (const sealed of forms) {
        await sql`truncate told`.execute(registry.ownerDb);
        await sql`insert into told (sealed) values (${sealed})`.execute(registry.ownerDb);
        expect((await findInTables(registry.ownerDb, canary)).tables).toEqual(['told']);
      }
      await sql`update told set sealed = '', bytes = ${Buffer.from(canary)}`.execute(
        registry.ownerDb,
      );
      expect((await findInTables(registry.ownerDb, canary)).tables).toEqual(['told']);
    } finally {
      await sql`drop table told`.execute(registry.ownerDb);
    }
  });

  it('are not what a member writes, whoever stores it for them', async () => {
    await analyst.journals.join();
    await admin.journals.changeBook('names', named(canary));
    expect(await codeOf(() => analyst.journals.changeBook('names', named('The admin')))).toBe(
      'role-not-allowed',
    );
    const { harbour, tubely } = registry.parties;
    const forge = async (by: Signer, about: object = {}, book: 'names' | 'work' = 'names') => {
      const claims = { iss: harbour.id, aud: testOrigin, sub: 'names', iat: 1_800_000_000 };
      const payload = { ...claims, ...named('The admin')(), ...about };
      const compact = await signCompact(by, 'recourse-book+jwt', payload);
      await store(await seal(compact, book));
      return codeOf(() => analyst.journals.openBook('names'));
    };
    expect(await forge(harbour.trust.signer)).toBe('journal-invalid');
    expect(await forge(harbour.service.signer)).toBe('journal-invalid');
    expect(await forge(tubely.admin.signer)).toBe('chain-invalid');
    expect(await forge(tubely.admin.signer, { iss: tubely.id })).toBe('chain-invalid');
    expect(await forge(harbour.admin.signer, { iss: tubely.id })).toBe('journal-invalid');
    expect(await forge(harbour.admin.signer, { aud: 'https://other.example' })).toBe(
      'journal-invalid',
    );
    // Sealed as another book, or another platform's: the place is in the seal.
    expect(await forge(harbour.admin.signer, {}, 'work')).toBe('journal-invalid');
    expect(await forge(harbour.admin.signer)).toBe('nothing thrown');
  });

  it('are closed to who joins later, until an administrator opens them; nobody else seals them anew', async () => {
    await admin.journals.changeBook('names', named(canary));
    expect(await analyst.journals.openBook('names')).toEqual({ state: 'sealed-before' });
    registry.advance(61);
    expect(await admin.journals.openBook('names')).toMatchObject({ state: 'open' });
    expect(await analyst.journals.openBook('names')).toMatchObject({ state: 'open' });
    const { rows } = await sql<{
      kid: string;
      version: number;
    }>`select kid, version from books`.execute(registry.ownerDb);
    expect(rows).toEqual([{ kid: registry.parties.harbour.admin.kid, version: 2 }]);
  });

  it('are written once where somebody joined since: who changes them seals them to everybody', async () => {
    await admin.journals.changeBook('names', named('Before'));
    await analyst.journals.join();
    registry.advance(61);
    await admin.journals.changeBook('names', named(canary));
    expect(await versions()).toEqual([2]);
    expect(await analyst.journals.openBook('names')).toMatchObject({ state: 'open' });
  });

  it('that the own key does not open are begun anew only where somebody says so', async () => {
    await admin.journals.changeBook('names', named(canary));
    const { harbour } = registry.parties;
    const elsewhere = as(harbour, harbour.admin);
    const change = (options = {}) => elsewhere.journals.changeBook('names', named('New'), options);
    expect(await codeOf(change)).toBe('state-conflict');
    expect(await change({ anew: true })).toEqual(named('New')());
  });

  it.each([
    ['', ['too-short', 'malformed']],
    ['a\nb', ['malformed']],
    ['a\u202eb', ['malformed']],
    ['x'.repeat(81), ['too-long']],
  ])('hold no %j: that is %j', async (name, codes) => {
    await expect(admin.journals.changeBook('names', named(name))).rejects.toMatchObject({
      code: 'invalid-input',
      issues: codes.map((code) => ({ path: 'book.people.0.name', code })),
    });
  });

  it('are 256 at most', async () => {
    const people = Array.from({ length: 257 }, () => named('Ada')().people[0]!);
    await expect(admin.journals.changeBook('names', () => ({ people }))).rejects.toMatchObject({
      issues: [{ path: 'book.people', code: 'too-many' }],
    });
  });

  const versions = async (): Promise<number[]> =>
    (await sql<{ version: number }>`select version from books`.execute(registry.ownerDb)).rows.map(
      ({ version }) => version,
    );

  /** To everybody of Harbour who published a key, as anybody could. */
  async function seal(compact: string, book: 'names' | 'work') {
    const { result } = await analyst.call('journals.keys', {});
    const form = { typ: 'recourse-sealing-key+jwt', schema: sealingKeyStatementSchema } as const;
    const keys = result.statements.map((one) => peekArtefact(one, form).payload.key);
    const { harbour } = registry.parties;
    return sealBook(compact, { origin: testOrigin, party: harbour.id, book }, keys);
  }

  /** As a registry would that takes it from a member. */
  async function store(jwe: object): Promise<void> {
    await sql`update books set version = version + 1, jwe = ${sql.lit(JSON.stringify(jwe))}::jsonb`.execute(
      registry.ownerDb,
    );
  }
});

describe('work', () => {
  const row = 'snc_01h455vb4pex5vsknk084sn02q';
  const given = (by: TestKey, comment: string) => ({
    row,
    holder: holderOf(by),
    comment,
    by: holderOf(by),
    at: 1_800_000_000,
  });

  it('is written by colleagues at once, and nobody’s is lost', async () => {
    const { harbour } = registry.parties;
    const other = as(harbour, harbour.trust2);
    await Promise.all([analyst.journals.join(), other.journals.join()]);
    registry.advance(61);
    const add = (who: Recourse, by: TestKey, comment: string) =>
      who.journals.changeBook('work', ({ rows, away }) => ({
        rows: [...rows, given(by, comment)],
        away,
      }));
    await Promise.all([
      add(analyst, harbour.trust, 'mine'),
      add(other, harbour.trust2, 'theirs'),
      add(analyst, harbour.trust, 'mine, too'),
    ]);
    const opened = await other.journals.openBook('work');
    const comments =
      opened.state === 'open' ? opened.content.rows.map(({ comment }) => comment) : [];
    expect(comments.toSorted()).toEqual(['mine', 'mine, too', 'theirs']);
  });

  it('is refused where it does not fit', async () => {
    const rows = Array.from({ length: 400 }, () =>
      given(registry.parties.harbour.trust, 'c'.repeat(300)),
    );
    const change = () => analyst.journals.changeBook('work', () => ({ rows, away: [] }));
    expect(await codeOf(change)).toBe('invalid-input');
  });
});
