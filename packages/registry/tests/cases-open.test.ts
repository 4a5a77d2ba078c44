import { caseKey } from '@recourse/protocol';
import { startTestRegistry, newSecret, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim, newCase, open, resultOf } from './cases-fixture.ts';
import { build, disclose, notify, problem } from './sanctions-harness.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const wrong = async () => (await open(registry, newSecret())).raw;

test('a code opens the facts, and not who was told, however often it was used', async () => {
  const { sanction, code } = await newCase(registry);
  await notify(registry, sanction);
  await disclose(registry, { sanction, to: registry.parties.tubely });
  await claim(registry, code);
  const { case: view } = resultOf(await open(registry, code));
  expect(view).toMatchObject({
    sanction,
    access: 'code',
    submitter: {
      party: registry.parties.harbour.id,
      name: 'Harbour',
      domain: 'harbour.example',
      complaints: 'complaints@harbour.example',
      dataProtection: 'dpo@harbour.example',
    },
    facts: {
      reason: 'fraud.phishing',
      action: 'account-terminated',
      account: 'Hosted a copy of a bank login page.',
      evidence: ['captured-artefact'],
      subjects: ['domain'],
      policy: 'https://harbour.example/policy',
    },
    appeals: [],
  });
  expect(view.told).toBeUndefined();
  expect(view.ways).toBeUndefined();
  expect(view.mayAppealUntil).toBeDefined();
});

test('a claimant sees who was told by name, and what each owes', async () => {
  const { sanction, code } = await newCase(registry);
  await notify(registry, sanction);
  await disclose(registry, { sanction, to: registry.parties.tubely });
  const key = await claim(registry, code);
  const before = resultOf(await open(registry, key)).case;
  expect(before).toMatchObject({ access: 'claimant', ways: [{ way: 'handed' }] });
  expect(before.told).toMatchObject([{ name: 'Tubely', purpose: 'signup' }]);
  expect(before.told[0].recall).toBeUndefined();
});

test('a draft, an erased case and a secret of nothing answer byte for byte alike', async () => {
  const draft = newSecret();
  const input = await build(registry, { submission: { caseKey: caseKey(draft) } });
  const drafted = await registry.call(registry.parties.harbour.trust, 'sanctions.draft', input);
  expect(drafted.status).toBe(200);
  const erased = await newCase(registry);
  const erasedKey = await claim(registry, (await newCase(registry)).code);
  const { sanction } = await registry.db
    .selectFrom('claimants')
    .select('sanction')
    .where('secret', '=', caseKey(erasedKey))
    .executeTakeFirstOrThrow();
  await registry.ownerDb
    .deleteFrom('case_keys')
    .where('sanction', 'in', [erased.sanction, sanction])
    .execute();
  const expected = await wrong();
  expect(expected.status).toBe(404);
  for (const secret of [draft, erased.code, erasedKey]) {
    const { guessed, raw } = await open(registry, secret);
    expect(guessed).toBe(true);
    expect(raw).toEqual(expected);
  }
});

test('a wrong secret leaves no audit row, and a right one does, under nobody', async () => {
  const rows = () =>
    registry.db.selectFrom('audit').select(['iss', 'kid']).where('iss', '=', 'case').execute();
  const before = await rows();
  await open(registry, newSecret());
  expect(await rows()).toHaveLength(before.length);
  await open(registry, (await newCase(registry)).code);
  const after = await rows();
  expect(after).toHaveLength(before.length + 1);
  expect(after.every(({ kid }) => kid === 'case')).toBe(true);
});

test('a right secret gets a receipt, a wrong one none', async () => {
  const { code } = await newCase(registry);
  expect((await open(registry, code)).raw.receipt).toBeDefined();
  expect((await wrong()).receipt).toBeUndefined();
});

test('what is no operation, no JSON or has no jti is refused', async () => {
  expect((await registry.sendCase('case.nothing', '{}')).status).toBe(404);
  expect((await registry.sendCase('__proto__', '{}')).status).toBe(404);
  expect(problem(await registry.sendCase('case.open', 'no'))[0]).toBe('malformed-call');
  expect(problem(await registry.sendCase('case.open', '{"code":"x"}'))[0]).toBe('invalid-input');
});
