import { encodeVerifierKey, type NoteSigner } from '@recourse/ledger';
import { policyFingerprint, thumbprint, toBase64url, type OpInput } from '@recourse/protocol';
import { logFirstPolicy, readPolicies, recordFacts, Sequencer } from '@recourse/registry';
import { startTestRegistry, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { drain, logged, newSigner, newWitness } from './ledger-fixture.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startTestRegistry();
  await logFirstPolicy(registry.db, registry.now());
});
afterEach(() => registry.close());

const url = 'https://witness.example/w';
const newKey = async (name = 'w.example'): Promise<string> => keyOf(await newWitness(name));
const keyOf = ({ key }: NoteSigner): string => encodeVerifierKey(key);
const set = (
  name: 'harbour' | 'tubely' | 'market',
  input: OpInput<'parties.witness'>,
): Promise<TestAnswer> => registry.call(registry.parties[name].admin, 'parties.witness', input);
const refusal = ({ status, body }: TestAnswer) => [
  status,
  String(body.type).split('/').at(-1),
  body.issues?.[0],
];
const policies = async () => (await readPolicies(registry.db)).map(({ detail }) => detail);

describe('a party', () => {
  test('registers one witness, in the log and in the policy of everybody', async () => {
    const key = await newKey();
    const answer = await set('harbour', { key, url });
    const policy = { threshold: 1, witnesses: [{ party: registry.parties.harbour.id, key }] };
    const fingerprint = policyFingerprint(answer.body.result.policy);
    expect(answer.body.result).toEqual({ policy, fingerprint });
    expect(await policies()).toEqual([{ threshold: 0, witnesses: [] }, policy]);
    await drain(new Sequencer(registry.db));
    const entries = (await logged(registry.db)).map((entry) => JSON.parse(entry));
    expect(entries.filter(({ type }) => type === 'witness-policy')).toEqual(
      await readPolicies(registry.db),
    );
  });

  test('puts another one in its place, and takes it back', async () => {
    await set('harbour', { key: await newKey(), url });
    const key = await newKey();
    await set('harbour', { key, url });
    await set('tubely', { key: await newKey('t.example'), url });
    const { body } = await set('harbour', { key: null });
    expect(body.result.policy).toMatchObject({
      threshold: 1,
      witnesses: [{ party: registry.parties.tubely.id }],
    });
    expect((await policies()).map(({ witnesses }) => witnesses.length)).toEqual([0, 1, 1, 2, 1]);
  });

  test('that says the same again, or moves to another address, changes no policy', async () => {
    const key = await newKey();
    await set('harbour', { key, url });
    await set('harbour', { key, url });
    await set('harbour', { key, url: `${url}/2` });
    expect((await set('tubely', { key: null })).status).toBe(200);
    expect(await policies()).toHaveLength(2);
    const rows = await registry.db.selectFrom('witnesses').select(['url', 'ended_at']).execute();
    expect(rows).toEqual([{ url: `${url}/2`, ended_at: null }]);
  });

  test('that is the panel has one too; the operator has none', async () => {
    const { panel, operator } = registry.parties;
    const input = { key: await newKey(), url };
    expect((await registry.call(panel[0], 'parties.witness', input)).status).toBe(200);
    const refused = await registry.call(operator[0], 'parties.witness', input);
    expect(refusal(refused).slice(0, 2)).toEqual([403, 'role-not-allowed']);
    const { trust } = registry.parties.harbour;
    const other = await registry.call(trust, 'parties.witness', input);
    expect(refusal(other).slice(0, 2)).toEqual([403, 'role-not-allowed']);
  });

  test('does not take the key, or the name, of another', async () => {
    const witness = await newWitness('a.example');
    await set('harbour', { key: keyOf(witness), url });
    const renamed = keyOf({ ...witness, key: { ...witness.key, name: 'b.example' } });
    const taken = [409, 'state-conflict', { path: 'key', code: 'registered' }];
    expect(refusal(await set('tubely', { key: renamed, url }))).toEqual(taken);
    expect(refusal(await set('tubely', { key: await newKey('a.example'), url }))).toEqual(taken);
    expect(await policies()).toHaveLength(2);
  });

  test('does not make the log its own witness', async () => {
    const { key } = await newSigner();
    const x = toBase64url(key.publicKey);
    const kid = thumbprint({ kty: 'OKP', crv: 'Ed25519', x });
    await recordFacts(registry.db, [{ name: 'log-key', value: kid }], registry.now());
    const own = encodeVerifierKey({ ...key, type: 'cosignature', name: 'w.example' });
    expect(refusal(await set('harbour', { key: own, url }))).toEqual([
      422,
      'invalid-input',
      { path: 'key', code: 'log-key' },
    ]);
  });

  test('is asked over https, outside a sandbox', async () => {
    const clear = { key: await newKey(), url: 'http://127.0.0.1:4800/w' };
    const issue = { path: 'url', code: 'not-https' };
    expect(refusal(await set('harbour', clear))).toEqual([422, 'invalid-input', issue]);
    await recordFacts(registry.db, [{ name: 'mode', value: 'sandbox' }], registry.now());
    expect((await set('harbour', clear)).status).toBe(200);
  });

  test.each([
    'https://user@w.example',
    'https://w.example/?a=1',
    'https://w.example/#a',
    'https://w.example/',
    'https://w.example//a',
    'https://W.example',
    'https://[::1',
    'ftp://w.example',
    'https://w.example/a b',
    undefined,
  ])('is asked at an address of one form: not at %s', async (address) => {
    const input = { key: await newKey(), ...(address === undefined ? {} : { url: address }) };
    expect(refusal(await set('harbour', input)).slice(0, 2)).toEqual([422, 'invalid-input']);
  });
});

test('of changes at once each counts', async () => {
  const names = ['harbour', 'tubely', 'market'] as const;
  const answers = await Promise.all(
    names.map(async (name) => set(name, { key: await newKey(`${name}.example`), url })),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  const all = await policies();
  expect(all.map(({ threshold, witnesses }) => [witnesses.length, threshold])).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 2],
  ]);
});

test('a registry has 32 witnesses at most', async () => {
  await sql`with p as (
      insert into parties (id, kind, name, registration, registered_at)
      select 'plt_' || lpad(n::text, 26, '0'), 'platform', 'P', '{"stateOwned":false,"group":"g"}'::jsonb ||
        jsonb_build_object('domain', n), now() from generate_series(1, 32) n returning id, registered_at
    )
    insert into party_groups (party, group_name, since) select id, 'g', registered_at from p`.execute(
    registry.db,
  );
  for (let n = 1; n <= 32; n++) {
    const party = `plt_${String(n).padStart(26, '0')}`;
    const row = { party, key: await newKey(`w${n}`), url, registered_at: new Date() };
    await registry.db
      .insertInto('witnesses')
      .values({ ...row, ended_at: null })
      .execute();
  }
  const issue = { path: 'key', code: 'too-many-witnesses' };
  expect(refusal(await set('harbour', { key: await newKey(), url }))).toEqual([
    409,
    'state-conflict',
    issue,
  ]);
});

describe('the service role of the database', () => {
  const insert = (party: string, key: string) =>
    registry.db
      .insertInto('witnesses')
      .values({ party, key, url, registered_at: new Date(), ended_at: null })
      .execute();

  test('writes no second witness of a party, no key under two names, none of the log or the operator', async () => {
    const { harbour, tubely } = registry.parties;
    const witness = await newWitness('a.example');
    await insert(harbour.id, keyOf(witness));
    const renamed = keyOf({ ...witness, key: { ...witness.key, name: 'b.example' } });
    await expect(insert(tubely.id, renamed)).rejects.toMatchObject({ code: '23505' });
    await expect(insert(harbour.id, await newKey())).rejects.toMatchObject({ code: '23505' });
    await expect(insert('operator', await newKey())).rejects.toMatchObject({ code: '23514' });
    const { key } = await newSigner();
    const x = toBase64url(key.publicKey);
    const kid = thumbprint({ kty: 'OKP', crv: 'Ed25519', x });
    await recordFacts(registry.db, [{ name: 'log-key', value: kid }], registry.now());
    const own = encodeVerifierKey({ ...key, type: 'cosignature' });
    await expect(insert(tubely.id, own)).rejects.toMatchObject({ code: '23514' });
    // A log key is none that cosigns: no public key is read from it.
    const other = encodeVerifierKey((await newSigner()).key);
    await expect(insert(tubely.id, other)).rejects.toMatchObject({ code: '23502' });
  });

  test.each([
    `update witnesses set key = 'x'`,
    `update witnesses set party = 'panel'`,
    'delete from witnesses',
    'delete from witness_policies',
    `update witness_policies set entry = 'x'`,
    'delete from ledger_cosignatures',
    `update ledger_cosignatures set line = 'x'`,
    'delete from ledger_served',
    'update ledger_served set size = 1',
  ])('is not permitted to: %s', async (statement) => {
    const denied = { code: '42501' };
    await expect(sql.raw(statement).execute(registry.db)).rejects.toMatchObject(denied);
  });
});
