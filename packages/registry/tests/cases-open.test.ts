import { caseKey, hashText, verifyReceipt } from '@recourse/protocol';
import {
  startTestRegistry,
  newSecret,
  random32,
  testOrigin,
  type TestRegistry,
} from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim, newCase, open, proveAll, resultOf } from './cases-fixture.ts';
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
      legalBasis: 'gdpr-art-10-authorised',
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
  await proveAll(registry, key);
  const before = resultOf(await open(registry, key)).case;
  expect(before).toMatchObject({ access: 'claimant', toldOthers: 'none' });
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
    // But for the receipt, which names what was sent.
    expect({ ...raw, receipt: '' }).toEqual({ ...expected, receipt: '' });
  }
});

const audited = () =>
  registry.db.selectFrom('audited_calls').selectAll().where('iss', '=', 'case').execute();

test('a wrong secret leaves an audit row as a right one does, under nobody and without the secret', async () => {
  const before = (await audited()).length;
  const secret = newSecret();
  const body = JSON.stringify({ jti: random32(), code: secret });
  await registry.sendCase('case.open', body);
  await open(registry, (await newCase(registry)).code);
  const after = await audited();
  expect(after).toHaveLength(before + 2);
  expect(after.every(({ kid }) => kid === 'case')).toBe(true);
  const row = after.find(({ req }) => req === hashText(body));
  expect(row).toMatchObject({ op: 'case.open', status: 404 });
  expect(JSON.stringify(after)).not.toContain(secret);
  // Nor anything by which guesses at a short secret are tested: the jti is not there.
  expect(JSON.stringify(after)).not.toContain(JSON.parse(body).jti);
});

test('a right secret and a wrong one get a receipt; what comes again gets none', async () => {
  for (const code of [(await newCase(registry)).code, newSecret()]) {
    const jti = random32();
    const body = JSON.stringify({ jti, code });
    const { raw } = await registry.sendCase('case.open', body);
    const leaf = { iss: 'case', jti, op: 'case.open', req: hashText(body), status: raw.status };
    const { receiptSigner } = registry;
    await verifyReceipt(raw.receipt ?? '', {
      leaf: { ...leaf, res: hashText(raw.body) },
      issuer: testOrigin,
      jwk: receiptSigner.publicJwk,
    });
  }
  const body = JSON.stringify({ jti: random32(), code: newSecret() });
  const sent = await Promise.all([1, 2, 3].map(() => registry.sendCase('case.open', body)));
  expect(sent.filter(({ raw }) => raw.receipt !== undefined)).toHaveLength(1);
  expect((await registry.sendCase('case.open', body)).raw.receipt).toBeUndefined();
});

test('what is no operation, no JSON or has no jti is refused', async () => {
  expect((await registry.sendCase('case.nothing', '{}')).status).toBe(404);
  expect((await registry.sendCase('__proto__', '{}')).status).toBe(404);
  expect(problem(await registry.sendCase('case.open', 'no'))[0]).toBe('malformed-call');
  expect(problem(await registry.sendCase('case.open', '{"code":"x"}'))[0]).toBe('invalid-input');
});
