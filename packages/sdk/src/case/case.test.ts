import {
  caseOps,
  claimantActSchema,
  detailDigest,
  openArtefact,
  Problem,
  publicJwkSchema,
  sanctionRef,
  type Opening,
} from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../tests/connected.ts';
import { FakeCases } from '../../tests/fake-cases.ts';
import { appealRecordA, saltOf } from '../../tests/fake-appeal.ts';
import { FakeRegistry, newSigner, origin, sanctionA } from '../../tests/fake-registry.ts';
import { memoryPins } from '../pins.ts';
import { caseMethods } from './case-methods.ts';
import { caseClient, newCaseKey, type CaseClientOptions } from './index.ts';

const key = newCaseKey();
const claimed = { sanction: sanctionA, claimedAt: '2026-03-01T12:00:00Z' };

let registry: FakeRegistry;
let cases: FakeCases;
beforeEach(async () => {
  registry = await FakeRegistry.start();
  cases = new FakeCases(registry);
  cases.handlers.set('case.claim', () => ({ data: claimed }));
  cases.handlers.set('case.open', () => ({ data: { case: { access: 'code' } } }));
});

const client = (overrides: Partial<CaseClientOptions> = {}) =>
  caseClient({ origin, fetch: cases.fetch, sleep: async () => undefined, ...overrides });
const claim = (overrides: Partial<CaseClientOptions> = {}) =>
  client(overrides).claim({ code: key, newKey: newCaseKey() });

describe('an act of a creator', () => {
  it('has a method for every operation of the table, of its kind', () => {
    const kinds = Object.fromEntries(
      Object.entries(caseOps).map(([op, { kind }]) => [op.slice('case.'.length), kind]),
    );
    expect(caseMethods).toEqual(kinds);
    expect(Object.keys(client()).toSorted()).toEqual([...Object.keys(kinds), 'call'].toSorted());
  });

  it('carries its secret in the body only, with a jti of its own', async () => {
    expect(await claim()).toEqual(claimed);
    await claim();
    const [first, second] = cases.requests.map(({ body }) => JSON.parse(body) as { jti: string });
    expect(first?.jti).toMatch(/^[A-Za-z0-9_-]{24}$/);
    expect(second?.jti).not.toBe(first?.jti);
    const [request] = cases.requests;
    expect(request?.url).toBe(`${origin}/trpc/case.claim`);
    expect(request?.init).toMatchObject({ method: 'POST', credentials: 'omit' });
    expect(request?.init.headers).toEqual({ 'content-type': 'application/json' });
  });

  it('makes keys of 160 bits in the form of a notice code', () => {
    expect(caseOps['case.open'].input.safeParse({ jti: 'j'.repeat(24), code: key }).success).toBe(
      true,
    );
    expect(newCaseKey()).not.toBe(newCaseKey());
  });

  it('has one effect when its answer is lost: the same bytes are sent again', async () => {
    cases.loses = 2;
    expect(await claim()).toEqual(claimed);
    expect(new Set(cases.requests.map(({ body }) => body)).size).toBe(1);
    expect([cases.requests.length, cases.effects]).toEqual([3, 1]);
  });

  it('is read anew when the answer to a reading was lost', async () => {
    cases.loses = 1;
    await client().open({ code: key });
    expect(new Set(cases.requests.map(({ body }) => body)).size).toBe(2);
  });

  it('is not repeated in other bytes after a failure that may have had an effect', async () => {
    cases.handlers.set('case.claim', () => {
      throw new Problem('internal', { retryAfterSeconds: 1 });
    });
    expect(await codeOf(claim)).toBe('internal');
    expect(cases.requests).toHaveLength(1);
  });

  it('asks anew for a find whose answer was lost, as that answer is not kept', async () => {
    const data = { find: 'fnd_01hzy3v7q8e9k4m5n6p7r8s9t0', proof: { by: 'mailed-code' } };
    cases.handlers.set('case.find', () => ({ data }));
    cases.forgets.add('case.find');
    cases.loses = 1;
    const found = await client().find({ kind: 'email', identifier: 'creator@example.com' });
    expect(found).toEqual(data);
    expect(new Set(cases.requests.map(({ body }) => body)).size).toBe(2);
  });

  it('gives the receipt to whoever wants to keep it', async () => {
    cases.handlers.set('case.appeal', () => ({ data: appealRecordA }));
    const input = { key, ground: 'not-me', words: 'It was not me.', language: 'en' } as const;
    const { result, receipt } = await client().call('appeal', input);
    expect(result).toEqual(appealRecordA);
    expect(receipt.leaf).toMatchObject({ iss: 'case', op: 'case.appeal', status: 200 });
  });
});

describe('what gives something up', () => {
  const opened = { case: { sanction: sanctionA } };
  const lastOf = (op: string): Record<string, string> => {
    const request = cases.requests.findLast(({ url }) => url.endsWith(op));
    return JSON.parse(request?.body ?? '{}') as Record<string, string>;
  };
  beforeEach(() => {
    cases.handlers.set('case.open', () => ({ data: opened }));
    cases.handlers.set('case.rotate', () => ({ data: { rotatedAt: claimed.claimedAt } }));
    cases.handlers.set('case.withdrawAppeal', () => ({ data: { appeal: appealRecordA.appeal } }));
  });

  it('is signed by the key that was handed in when the case was entered, also after its secret was replaced', async () => {
    const creator = client();
    const [mine, next] = [newCaseKey(), newCaseKey()];
    await creator.claim({ code: key, newKey: mine });
    const jwk = publicJwkSchema.parse(lastOf('case.claim')['signingKey']);
    await creator.rotate({ key: mine, newKey: next });
    await creator.withdrawAppeal({ key: next });
    const { act = '', jti } = lastOf('case.withdrawAppeal');
    const schema = claimantActSchema;
    const { payload } = await openArtefact(act, { typ: 'recourse-claimant-act+jwt', schema, jwk });
    expect(payload).toMatchObject({ sub: sanctionA, act: 'withdraw-appeal', aud: origin, jti });
  });

  it('is not signed where the key is not there, nor when it is taken back', async () => {
    await client().withdrawAppeal({ key });
    expect(lastOf('case.withdrawAppeal')['act']).toBeUndefined();
    const creator = client();
    const mine = newCaseKey();
    await creator.claim({ code: key, newKey: mine });
    await creator.withdrawAppeal({ key: mine, keep: true });
    expect(lastOf('case.withdrawAppeal')['act']).toBeUndefined();
  });
});

describe('an answer about a case is returned only with the receipt of the registry', () => {
  it('refuses an answer that was changed, or has no receipt', async () => {
    cases.tamper = (sent) => ({ ...sent, body: sent.body.replace('12:00', '13:00') });
    expect(await codeOf(claim)).toBe('receipt-invalid');
    cases.tamper = (sent) => ({ ...sent, receipt: undefined });
    expect(await codeOf(claim)).toBe('receipt-invalid');
  });

  it.each([
    ['another issuer', { iss: 'plt_01hzy3v7q8e9k4m5n6p7r8s9t0' }],
    ['another jti', { jti: 'j'.repeat(24) }],
    ['another operation', { op: 'case.rotate' }],
    ['another request', { req: saltOf('r') }],
    ['another status', { status: 409 }],
    ['entries that are not shown', { changes: { count: 1, root: saltOf('c') } }],
  ])('refuses a receipt that names %s', async (_, over) => {
    cases.misstate = (leaf) => ({ ...leaf, ...over });
    expect(await codeOf(claim)).toBe('receipt-invalid');
  });

  it('opens the ledger entries it caused', async () => {
    const salt = saltOf('s');
    const detail = { appeal: 'opened' };
    const opening: Opening = {
      entry: {
        v: 1,
        at: '2026-03-01T12:00:00Z',
        type: 'appeal-opened',
        ref: sanctionRef(salt, sanctionA),
        digest: detailDigest(salt, detail),
      },
      sanction: sanctionA,
      refSalt: salt,
      entrySalt: salt,
      detail,
    };
    cases.handlers.set('case.claim', () => ({ data: claimed, openings: [opening] }));
    expect(await claim()).toEqual(claimed);
    const other = { ...opening, detail: { appeal: 'withdrawn' } };
    cases.handlers.set('case.claim', () => ({ data: claimed, openings: [other] }));
    expect(await codeOf(claim)).toBe('commitment-invalid');
  });

  it('takes the word of nobody for a refusal, but for a secret that opens nothing', async () => {
    cases.handlers.delete('case.claim');
    expect(await codeOf(claim)).toBe('not-found');
    cases.handlers.set('case.claim', () => {
      throw new Problem('state-conflict');
    });
    expect(await codeOf(claim)).toBe('state-conflict');
    cases.tamper = (sent) => ({ ...sent, receipt: undefined });
    expect(await codeOf(claim)).toBe('receipt-invalid');
  });
});

describe('the receipt key is one that the ledger key announced', () => {
  it('believes the pinned ledger key alone', async () => {
    expect(await claim({ logKid: registry.logSigner.kid })).toEqual(claimed);
    expect(await codeOf(() => claim({ logKid: saltOf('L') }))).toBe('registry-key-invalid');
  });

  it('keeps the first one seen where none is pinned', async () => {
    const pins = memoryPins();
    await claim({ pins });
    const usurper = await FakeRegistry.start();
    registry.logSigner = usurper.logSigner;
    registry.announcements.splice(0, registry.announcements.length, ...usurper.announcements);
    registry.log = usurper.log;
    registry.receiptSigner = usurper.receiptSigner;
    expect(await codeOf(() => claim({ pins }))).toBe('registry-key-invalid');
    expect(await claim()).toEqual(claimed);
  });

  it('refuses a receipt by a key that was announced for another use, or not at all', async () => {
    const events = await newSigner();
    await registry.announce(registry.logSigner, events, { use: 'event' });
    registry.receiptSigner = events;
    expect(await codeOf(claim)).toBe('registry-key-invalid');
    registry.receiptSigner = await newSigner();
    expect(await codeOf(claim)).toBe('registry-key-invalid');
  });
});
