import { deriveKeyPair, evaluateBatch, ready } from '@recourse/blind/server';
import { createTokenService, listParties, partyKeys } from '@recourse/registry';
import {
  startTestRegistry,
  testOrigin,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import {
  generateKey,
  signCompact,
  signerFromJwk,
  toNumericDate,
  toTimestamp,
  type Signer,
} from '@recourse/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Recourse, type SanctionInput } from '../src/index.ts';
import type { Fetch } from '../src/transport/post.ts';
import { codeOf, first } from './connected.ts';

let registry: TestRegistry;
let logSigner: Signer;
let loses = 0;
beforeAll(async () => {
  await ready();
  const keys = deriveKeyPair(new Uint8Array(32).fill(1), 'epoch 1');
  const tokens = createTokenService({
    epochs: [{ epoch: 1, ...keys, opensAt: new Date(0) }],
    pool: { evaluate: async (batch) => evaluateBatch(batch) },
    clock: () => new Date(),
  });
  registry = await startTestRegistry({ tokens });
  logSigner = await signerFromJwk(await generateKey());
});
afterAll(() => registry.close());

/** The registry's own rules and storage behind an HTTP of this test. */
const fetch: Fetch = async (url, init) => {
  const path = url.slice(testOrigin.length);
  if (!path.startsWith('/call/')) return Response.json(await documentAt(path));
  const compact = typeof init.body === 'string' ? init.body : '';
  const { raw } = await registry.send(path.slice('/call/'.length), compact);
  if (loses-- > 0) throw new TypeError('connection reset');
  return new Response(raw.body, {
    status: raw.status,
    headers: {
      'content-type': raw.contentType,
      ...(raw.receipt === undefined ? {} : { 'recourse-receipt': raw.receipt }),
    },
  });
};

async function documentAt(path: string): Promise<unknown> {
  const { services, db } = registry;
  if (path === '/parties') {
    const parties = await listParties(db, new Date());
    return { parties: parties.map(({ party, ...entry }) => ({ id: party, ...entry })) };
  }
  if (path !== '/.well-known/recourse') return partyKeys(db, path.split('/')[2] ?? '');
  const iat = toNumericDate(registry.now());
  const receipt = { aud: testOrigin, use: 'receipt', jwk: services.receiptSigner.publicJwk, iat };
  const epochs = services.tokens.epochs().map(({ epoch, publicKey, opensAt }) => ({
    epoch,
    publicKey,
    opensAt: toTimestamp(opensAt),
  }));
  const keys = [await signCompact(logSigner, 'recourse-registry-key+jwt', receipt)];
  return { origin: testOrigin, logKey: logSigner.publicJwk, keys, epochs };
}

const connectAs = ({ id, admin, service, trust }: TestPlatform): Recourse =>
  connect({
    registry: { origin: testOrigin, logKid: logSigner.kid },
    party: id,
    signers: { admin: admin.signer, service: service.signer, trust: trust.signer },
    fetch,
    clock: () => registry.now(),
    sleep: async () => undefined,
  });

const email = 'creator@example.com';
const ago = (days: number): Date => new Date(registry.now().getTime() - days * 86_400_000);
const scam = (): SanctionInput => ({
  creator: { email: { value: email, control: 'otp', provenAt: ago(20) } },
  reason: 'fraud.phishing',
  action: 'account-terminated',
  incident: { from: ago(30), to: ago(10) },
  decidedAt: ago(1),
  decidedBy: 'human',
  evidence: [{ class: 'captured-artefact', source: new TextEncoder().encode('a page') }],
  account: 'Ran a counterfeit sign-in page from 3 to 9 January.',
  policy: 0,
  origin: 'own-detection',
  attest: ['no-authority', 'no-takeover'],
  age: 'adult',
  notice: 'due',
});

describe('against the rules and the storage of a registry', () => {
  it('submits, notifies, checks, reports and withdraws, each verified, with one effect', async () => {
    const submitter = connectAs(registry.parties.harbour);
    const asker = connectAs(registry.parties.tubely);
    loses = 2;
    const submitted = await submitter.sanctions.submit(scam());
    expect(submitted).toMatchObject({ state: 'held', version: 1 });
    expect((await submitter.sanctions.list({})).sanctions).toHaveLength(1);

    const { sanction, subjects } = submitted;
    await submitter.sanctions.notify({
      sanction,
      channel: 'email',
      language: 'en',
      sentAt: toNumericDate(registry.now()),
      subjects: subjects.map(({ index }) => index),
    });

    const found = await asker.check({ email }, { purpose: 'signup', provenAt: registry.now() });
    expect(found.matches).toMatchObject([
      { sanction, reason: 'fraud.phishing', submitter: { name: 'Harbour' }, identifier: 'email' },
    ]);
    const { match } = first(found.matches);
    await asker.outcomes.report([{ match, outcome: 'pending' }]);
    expect((await asker.outcomes.owed()).owed).toHaveLength(1);

    const withdrawn = await submitter.sanctions.withdraw({ sanction, cause: 'error' });
    expect(withdrawn.state).toBe('withdrawn');
    const after = await asker.check({ email }, { purpose: 'signup', provenAt: registry.now() });
    expect(after).toMatchObject({ advice: 'no-record', matches: [] });
  });

  it('passes on refusals with their codes, with a receipt', async () => {
    const { recourse, sanction } = {
      recourse: connectAs(registry.parties.market),
      sanction: 'snc_01hzy3v7q8e9k4m5n6p7r8s9t0' as const,
    };
    const error: unknown = await recourse.sanctions.get({ sanction }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'not-found', receipt: expect.any(String) });
    const input = { ...scam(), attest: [] };
    expect(await codeOf(() => recourse.sanctions.submit(input))).toBe(
      'authority-origin-not-accepted',
    );
  });
});
