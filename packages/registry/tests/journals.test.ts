import { settleDue } from '@recourse/registry';
import { journalBlock, mostJournalVersions, thumbprint, type Id } from '@recourse/protocol';
import { type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { day, newSealingKey, startAppealRegistry } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { publishKey, putJournal, sealedJournal, sealingStatement } from './journals-fixture.ts';
import { addSupport } from './parties-fixtures.ts';
import { build, problem, sqlState, submit, withdraw } from './sanctions-harness.ts';

const notAllowed = '42501';
const checkViolation = '23514';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterAll(() => registry.close());

const harbour = () => registry.parties.harbour;
const ours = (by: TestKey = harbour().trust) => publishKey(registry, { by, iss: harbour().id });
const get = (by: TestKey, sanction: string) =>
  registry.call(by, 'journals.get', { sanction: sanction as Id<'snc'> });
const attack = (statement: RawBuilder<unknown>): Promise<string> =>
  sqlState(statement.execute(registry.db));
/** A version that the service role writes. */
const version = (sanction: string, by: TestKey, number: number) =>
  sql`insert into journals (sanction, holder, version, kid, at, sealed)
    values (${sanction}, ${by.holder}, ${number}, ${by.kid}, ${registry.now()}, '')`;
const journals = async (sanction: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from journals
    where sanction = ${sanction}`.execute(registry.ownerDb);
  return rows[0]!.n;
};

async function kept() {
  const { id: sanction } = await submit(registry);
  const [mine, theirs] = [await ours(), await ours(harbour().trust2)];
  const jwe = await sealedJournal([mine.key, theirs.key]);
  resultOf(await putJournal(registry, { by: harbour().trust, sanction, jwe }));
  return { sanction, jwe, mine: mine.key, theirs: theirs.key };
}

describe('a sealing key', () => {
  test('is signed by the trust key that carries the call, for its party and this registry', async () => {
    const { trust, trust2, id: iss } = harbour();
    const key = await newSealingKey();
    const say = async (sealing: Parameters<typeof sealingStatement>[1]) => {
      const statement = await sealingStatement(registry, sealing);
      return problem(await registry.call(trust, 'journals.addKey', { statement }));
    };
    expect(await say({ by: trust2, iss, key })).toEqual(['invalid-input', 'not-own-key']);
    const theirs = registry.parties.tubely.id;
    expect(await say({ by: trust, iss: theirs, key })).toEqual(['invalid-input', 'not-the-caller']);
    const elsewhere = { by: trust, iss, key, aud: 'https://other.example' };
    expect(await say(elsewhere)).toEqual(['invalid-input', 'another-registry']);
    const off = { ...key, y: key.x };
    expect((await say({ by: trust, iss, key: off }))[0]).toBe('invalid-input');
    expect(await say({ by: trust, iss, key })).toEqual(['200']);
  });

  test('takes the place of the one before, and is never that of a colleague', async () => {
    const { trust, trust2, id: iss } = harbour();
    const [, second] = [await ours(), await ours()];
    const statement = await sealingStatement(registry, { by: trust2, iss, key: second.key });
    const copied = await registry.call(trust2, 'journals.addKey', { statement });
    expect(problem(copied)).toEqual(['invalid-input', 'not-fresh']);
    const { statements } = resultOf(await registry.call(trust, 'journals.keys', {})) as {
      statements: string[];
    };
    const named = await sql<{ sealing_kid: string }>`select sealing_kid from sealing_keys
      where kid = ${trust.kid} and statement = any(${statements})`.execute(registry.ownerDb);
    expect(named.rows).toEqual([{ sealing_kid: thumbprint(second.key) }]);
  });

  test('is listed to colleagues alone, and no more once its trust key is revoked', async () => {
    const { parties } = registry;
    const { trust, admin, service, id: iss } = parties.market;
    const { key } = await publishKey(registry, { by: trust, iss });
    const listed = async (by: TestKey) =>
      (resultOf(await registry.call(by, 'journals.keys', {})) as { statements: string[] })
        .statements;
    const mine = await publishKey(registry, { by: admin, iss });
    expect(mine.answer.status).toBe(200);
    expect(await listed(admin)).toHaveLength(2);
    const before = await listed(parties.tubely.trust);
    expect(before).toEqual([]);
    const input = await build(registry, { signedBy: admin });
    const { sanction } = resultOf(await registry.call(service, 'sanctions.submit', input)) as {
      sanction: string;
    };
    resultOf(await registry.call(admin, 'keys.revoke', { kid: trust.kid, why: 'retired' }));
    expect(await listed(admin)).toHaveLength(1);
    const late = { by: admin, sanction, jwe: await sealedJournal([mine.key, key]) };
    expect(problem(await putJournal(registry, late))).toEqual(['state-conflict', 'keys-changed']);
    expect(
      await attack(sql`insert into sealing_keys values (${trust.kid}, ${iss}, 'k', 'statement')`),
    ).toBe(checkViolation);
  });
});

describe('a journal', () => {
  test('is read by trust keys of its platform alone, as it was sealed', async () => {
    const { sanction, jwe } = await kept();
    const said = { by: harbour().trust.kid, at: expect.any(String) };
    for (const by of [harbour().trust, harbour().trust2])
      expect(resultOf(await get(by, sanction))).toEqual({ sanction, jwe, ...said });
    const { tubely, panel, operator } = registry.parties;
    expect(problem(await get(tubely.trust, sanction))).toEqual(['not-found']);
    const support = await addSupport(registry, harbour());
    for (const by of [support, harbour().service, panel[0], operator[0]])
      expect(problem(await get(by, sanction))).toEqual(['role-not-allowed']);
  });

  test('is put for own records, sealed to current colleagues and nobody else', async () => {
    const { sanction, jwe, mine, theirs } = await kept();
    const { tubely } = registry.parties;
    const by = harbour().trust;
    const put = async (to: typeof jwe, key = by) =>
      problem(await putJournal(registry, { by: key, sanction, jwe: to }));
    const stranger = await newSealingKey();
    expect(await put(await sealedJournal([mine, stranger]))).toContain('keys-changed');
    expect(await put(await sealedJournal([mine, mine]))).toContain('keys-changed');
    expect(await put(jwe, tubely.trust)).toEqual(['not-found']);
    expect(await put(jwe, harbour().service)).toEqual(['role-not-allowed']);
    expect(await put(await sealedJournal([theirs]))).toEqual(['200']);
  });

  test('has one of four sizes, so that its size tells next to nothing', async () => {
    const { sanction, jwe } = await kept();
    for (const bytes of [journalBlock - 1, journalBlock + 1, 5 * journalBlock]) {
      const ciphertext = Buffer.alloc(bytes).toString('base64url');
      const call = { by: harbour().trust, sanction, jwe: { ...jwe, ciphertext } };
      expect(problem(await putJournal(registry, call))[0]).toBe('invalid-input');
    }
  });

  test('is put for no record that has ended, by nobody', async () => {
    const { sanction, jwe } = await kept();
    resultOf(await withdraw(registry, sanction));
    const late = await putJournal(registry, { by: harbour().trust, sanction, jwe });
    expect(problem(late)).toEqual(['state-conflict', 'ended']);
    expect(await attack(version(sanction, harbour().trust, 1))).toBe(checkViolation);
  });

  test('is versions: a colleague overwrites none, and each names its author', async () => {
    const { sanction, jwe, theirs } = await kept();
    registry.advance(60);
    const theirsAlone = await sealedJournal([theirs]);
    const by = harbour().trust2;
    resultOf(await putJournal(registry, { by, sanction, jwe: theirsAlone }));
    const read = async (skip: number) =>
      resultOf(await registry.call(by, 'journals.get', { sanction: sanction as Id<'snc'>, skip }));
    expect(await read(0)).toMatchObject({ jwe: theirsAlone, by: by.kid, older: true });
    expect(await read(1)).toMatchObject({ jwe, by: harbour().trust.kid });
    expect(await read(1)).not.toHaveProperty('older');
    expect(await read(2)).toEqual({ sanction });
    for (const change of ["sealed = ''", 'holder = kid', 'version = 7'])
      expect(
        await attack(sql`update journals set ${sql.raw(change)} where sanction = ${sanction}`),
      ).toBe(notAllowed);
  });

  test('has eight versions of one author at most, who takes the room of nobody else', async () => {
    const { sanction, jwe } = await kept();
    const put = async (by: TestKey) => problem(await putJournal(registry, { by, sanction, jwe }));
    const full = ['state-conflict', 'too-many-versions'];
    for (let n = 1; n < mostJournalVersions; n++)
      expect(await put(harbour().trust)).toEqual(['200']);
    expect(await put(harbour().trust)).toEqual(full);
    expect(await put(harbour().trust2)).toEqual(['200']);
    expect(await attack(version(sanction, harbour().trust, mostJournalVersions))).toBe(
      checkViolation,
    );
  });

  test('is of somebody of its platform, whoever writes the row', async () => {
    const { sanction } = await kept();
    const { tubely } = registry.parties;
    expect(await attack(version(sanction, tubely.trust, 0))).toBe(checkViolation);
    expect(await attack(version(sanction, harbour().service, 0))).toBe(checkViolation);
    const another = { ...harbour().trust2, kid: harbour().trust.kid };
    expect(await attack(version(sanction, another, 0))).toBe(checkViolation);
  });

  test('stays until its record is erased, and nobody takes or moves it before', async () => {
    const { sanction } = await kept();
    const other = await submit(registry);
    expect(await attack(sql`delete from journals where sanction = ${sanction}`)).toBe(notAllowed);
    expect(
      await attack(sql`update journals set sanction = ${other.id} where sanction = ${sanction}`),
    ).toBe(notAllowed);
    resultOf(await withdraw(registry, sanction));
    expect(await journals(sanction)).toBe(1);
    registry.advance(190 * day);
    expect((await settleDue(registry.services)).failures).toEqual([]);
    expect(await journals(sanction)).toBe(0);
    expect(resultOf(await get(harbour().trust, sanction))).toEqual({ sanction });
  });

  test('moved to another record by whoever has the database does not open', async () => {
    const { sanction } = await kept();
    const { id } = await submit(registry);
    await sql`insert into journals select ${id}, holder, version, kid, at, sealed from journals
      where sanction = ${sanction}`.execute(registry.ownerDb);
    expect((await get(harbour().trust, id)).status).toBe(500);
  });
});
