import {
  peekArtefact,
  sealingKeyStatementSchema,
  signCompact,
  type Signer,
} from '@recourse/protocol';
import { testOrigin, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { memorySealingKeys, type Recourse, type SealingKeys } from '../src/index.ts';
import { sealJournal } from '../src/journals/seal-journal.ts';
import { codeOf, first } from './connected.ts';
import { RegistryHttp } from './registry-http.ts';
import { scamBy } from './scam.ts';

let http: RegistryHttp;
let registry: TestRegistry;
beforeAll(async () => {
  http = await RegistryHttp.start();
  ({ registry } = http);
});
afterAll(() => registry.close());

const account = 'Ran a counterfeit sign-in page from 3 to 9 January.';

/** Another creator in each test: one act is recorded once. */
let email: string;
let creators = 0;
/** Two trust holders of one platform, each with a machine of their own. */
let author: Recourse;
let colleague: Recourse;
let colleagues: SealingKeys;
beforeEach(async () => {
  await sql`delete from sealing_keys`.execute(registry.ownerDb);
  email = `creator-${++creators}@example.com`;
  const { harbour } = registry.parties;
  author = http.connectAs(harbour, { sealingKeys: memorySealingKeys() });
  colleagues = memorySealingKeys();
  colleague = connectColleague();
});

const connectColleague = (): Recourse => {
  const { harbour } = registry.parties;
  return http.connectAs(harbour, {
    signers: { trust: harbour.trust2.signer },
    sealingKeys: colleagues,
  });
};

const submit = (by = author, about = email) => by.sanctions.submit(scamBy(about, registry.now()));

describe('what an appeal will need of a record', () => {
  it('is read by a colleague while its author is away', async () => {
    await colleague.journals.join();
    const { sanction, caseCode, evidence, shared } = await submit();
    expect(shared).toEqual({ colleagues: 1 });
    expect(await colleague.journals.open(sanction)).toEqual({
      state: 'open',
      caseCode,
      account,
      identifiers: [{ kind: 'email', value: email }],
      evidence,
    });
  });

  it('reaches the registry sealed: no identifier, account, case code or salt is in its tables', async () => {
    await colleague.journals.join();
    const { caseCode, evidence } = await submit();
    const { rows } = await sql<{ text: string }>`
      select j::text as text from journals j union all select a::text from answers a
      union all select s::text from sealing_keys s`.execute(registry.ownerDb);
    expect(rows.length).toBeGreaterThan(2);
    const clear = [email, account, caseCode, first(evidence).salt, first(evidence).sha256 ?? ''];
    const needles = clear.flatMap((text) => [text, Buffer.from(text).toString('hex')]);
    for (const { text } of rows)
      expect(needles.filter((needle) => text.includes(needle))).toEqual([]);
  });

  it('opens beside no other record', async () => {
    await colleague.journals.join();
    const record = await submit();
    const other = await submit(author, 'other@example.com');
    const { result } = await author.call('journals.get', { sanction: record.sanction });
    // As a registry would that shows the one in the place of the other.
    await author.call('journals.put', { sanction: other.sanction, jwe: result.jwe! });
    const { caseCode } = other;
    expect(await colleague.journals.open(other.sanction)).toMatchObject({ caseCode });
    await sql`delete from journals where sanction = ${other.sanction}`.execute(registry.ownerDb);
    await author.call('journals.put', { sanction: other.sanction, jwe: result.jwe! });
    expect(await codeOf(() => colleague.journals.open(other.sanction))).toBe('journal-invalid');
  });

  it('is not what the registry seals itself, with an address of its own in it', async () => {
    await colleague.journals.join();
    const { sanction, caseCode, evidence } = await submit();
    const { result } = await author.call('journals.keys', {});
    const form = { typ: 'recourse-sealing-key+jwt', schema: sealingKeyStatementSchema } as const;
    const keys = result.statements.map((statement) => peekArtefact(statement, form).payload.key);
    const { harbour, tubely } = registry.parties;
    const place = { origin: testOrigin, party: harbour.id, sanction };
    const forge = async (by: Signer, about: object) => {
      const identifiers = [{ kind: 'email', value: 'spy@example.com' }];
      const claims = { iss: harbour.id, aud: testOrigin, sub: sanction, iat: 1_800_000_000 };
      const payload = { ...claims, caseCode, account, identifiers, evidence, ...about };
      const compact = await signCompact(by, 'recourse-journal+jwt', payload);
      const jwe = await sealJournal(compact, place, keys);
      await sql`delete from journals`.execute(registry.ownerDb);
      await author.call('journals.put', { sanction, jwe });
      return codeOf(() => colleague.journals.open(sanction));
    };
    expect(await forge(tubely.trust.signer, {})).toBe('chain-invalid');
    expect(await forge(harbour.service.signer, {})).toBe('journal-invalid');
    const other = [{ ...first(evidence), commitment: first(evidence).salt }];
    expect(await forge(harbour.trust.signer, { evidence: other })).toBe('journal-invalid');
    expect(await forge(harbour.trust.signer, { iss: tubely.id })).toBe('journal-invalid');
    expect(await forge(harbour.trust.signer, {})).toBe('nothing thrown');
  });

  it('is there still when a colleague shares another one: the newest that the files fit', async () => {
    await colleague.journals.join();
    const { sanction, caseCode, evidence } = await submit();
    const { harbour } = registry.parties;
    const wrong = [{ ...first(evidence), salt: first(evidence).commitment }];
    registry.advance(61);
    await colleague.journals.share(sanction, { caseCode: '', evidence: wrong });
    expect(await author.journals.open(sanction)).toMatchObject({ evidence: wrong });
    const fits = (one: { evidence: { salt: string }[] }) =>
      one.evidence[0]?.salt === first(evidence).salt;
    expect(await author.journals.open(sanction, { fits })).toMatchObject({ caseCode, evidence });
    // Opened once, it is the newest again.
    expect(await author.journals.open(sanction)).toMatchObject({ caseCode, evidence });
    const { result } = await author.call('journals.get', { sanction });
    expect(result).toMatchObject({ by: harbour.trust.kid, older: true });
  });

  it('stays closed to who joins later, until somebody who can opens it', async () => {
    await author.journals.join();
    const { market } = registry.parties;
    expect((await submit(author, 'before@example.com')).shared).toEqual({ colleagues: 0 });
    await colleague.journals.join();
    registry.advance(61);
    const { sanction, shared } = await submit();
    expect(shared).toEqual({ colleagues: 1 });
    // On another machine: the key that was sealed to is not there.
    colleagues = memorySealingKeys();
    const elsewhere = connectColleague();
    expect(await elsewhere.journals.open(sanction)).toEqual({ state: 'sealed-before' });
    registry.advance(61);
    expect(await author.journals.open(sanction)).toMatchObject({ state: 'open' });
    expect(await elsewhere.journals.open(sanction)).toMatchObject({ state: 'open', account });
    const stranger = http.connectAs(market, { sealingKeys: memorySealingKeys() });
    expect(await codeOf(() => stranger.journals.open(sanction))).toBe('not-found');
  });

  it('is not shared with a key that no trust key of the own platform signed', async () => {
    await colleague.journals.join();
    const { tubely, harbour } = registry.parties;
    const planter = http.connectAs(tubely, { sealingKeys: memorySealingKeys() });
    await planter.journals.join();
    // As a registry would that wants to read along.
    await sql`update sealing_keys set statement = (
        select statement from sealing_keys where kid = ${tubely.trust.kid})
      where kid = ${harbour.trust2.kid}`.execute(registry.ownerDb);
    const { shared, sanction } = await submit();
    expect(shared).toMatchObject({ colleagues: 0, error: { code: 'chain-invalid' } });
    expect(await author.journals.open(sanction).catch(String)).toContain('RecourseError');
    expect((await author.call('journals.get', { sanction })).result.jwe).toBeUndefined();
  });

  it('is asked for by nobody without a store of sealing keys, and a submission works as before', async () => {
    const plain = http.connectAs(registry.parties.harbour);
    const before = http.answers.length;
    expect((await submit(plain)).shared).toEqual({ colleagues: 0 });
    const asked = http.answers.slice(before).map(({ op }) => op);
    expect(asked.filter((op) => op.startsWith('journals.'))).toEqual([]);
    expect(await codeOf(() => plain.journals.join())).toBe('sealing-key-missing');
  });
});
