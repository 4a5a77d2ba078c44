import { createHash } from 'node:crypto';
import { evaluateToken } from '@recourse/blind/server';
import { tokenInput } from '@recourse/blind';
import {
  accountCommitment,
  caseKey,
  derivedConfirmationSchema,
  EvidenceCommitment,
  fromBase64url,
  openArtefact,
  sanctionStatementSchema,
  subjectCommitments,
  subjectsRoot,
  toBase64url,
  toNumericDate,
  utf8,
  withdrawalSchema,
  type Submission,
} from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, first, type ConnectedClients } from '../../tests/connected.ts';
import { now, origin, platformA, sanctionA } from '../../tests/fake-registry.ts';
import type { EvidenceOpening, SanctionInput, SubmissionIntent } from '../index.ts';

let at: ConnectedClients;
let saved: SubmissionIntent[];
let done: string[];
let effects: Submission[];
/** The journal at the moment when the registry got a submission */
let journalled: EvidenceOpening[][];
beforeEach(async () => {
  saved = [];
  done = [];
  effects = [];
  journalled = [];
  const journal = new Map<string, readonly EvidenceOpening[]>();
  at = await connected({
    outbox: {
      save: async (intent) =>
        void saved.push(JSON.parse(JSON.stringify(intent)) as SubmissionIntent),
      done: async (sanction) => void done.push(sanction),
    },
    journal: {
      save: async (sanction, evidence) => void journal.set(sanction, evidence),
      load: async (sanction) => journal.get(sanction),
    },
  });
  at.registry.evaluates();
  const answer = (overrides: object) => (call: { payload: { in: unknown } }) => {
    effects.push(call.payload.in as Submission);
    journalled.push(...[...journal.values()].map((openings) => [...openings]));
    return { result: { sanction: sanctionA, state: 'held', version: 1, ...overrides } };
  };
  at.registry.handlers.set('sanctions.submit', answer({ noticeDueAt: '2026-03-08T12:00:00Z' }));
  at.registry.handlers.set('sanctions.draft', answer({ lapsesAt: '2026-03-08T12:00:00Z' }));
});

const day = 86_400_000;
const ago = (days: number): Date => new Date(now.getTime() - days * day);
const proven = { control: 'otp', provenAt: ago(20) } as const;
const input = (): SanctionInput => ({
  creator: {
    email: { value: 'Creator@Example.com', ...proven },
    phone: [{ value: '+14155552671', ...proven }],
  },
  reason: 'fraud.scam',
  action: 'account-terminated',
  incident: { from: ago(30), to: ago(10) },
  decidedAt: ago(1),
  decidedBy: 'human',
  policy: 0,
  origin: 'own-detection',
  age: 'adult',
  evidence: [{ class: 'payment-records', count: 2, source: utf8('a,b\n1,2') }],
  account: 'Sold the same ticket to forty people.',
  attest: ['no-authority', 'no-takeover'],
});

const statementIn = async (submission: Submission) =>
  (
    await openArtefact(submission.statement, {
      typ: 'recourse-sanction+jwt',
      schema: sanctionStatementSchema,
      jwk: at.trust.publicJwk,
    })
  ).payload;

describe('a submission commits to everything and tells no more than it must', () => {
  it('opens as the registry opens it: tokens, tree, account, evidence, case code', async () => {
    const submitted = await at.recourse.sanctions.submit(input());
    const [sent] = effects as [Submission];
    const statement = await statementIn(sent);
    expect(statement).toMatchObject({ iss: platformA, aud: origin, jti: saved[0]?.sanction });
    expect(statement.subjects).toBe(subjectsRoot(subjectCommitments(sent.tokens, sent.padding)));
    expect(statement.account).toBe(accountCommitment(sent.account));
    expect(sent.caseKey).toBe(caseKey(submitted.caseCode));
    const opening = first(submitted.evidence);
    const commitment = new EvidenceCommitment(opening.salt).update(utf8('a,b\n1,2')).digest();
    expect(statement.evidence).toEqual([{ class: 'payment-records', count: 2, commitment }]);
    const secret = at.registry.tokenSecret();
    const token = evaluateToken(secret, tokenInput('email', 'creator@example.com'));
    expect(sent.tokens.find(({ kind }) => kind === 'email')?.token).toBe(toBase64url(token));
    expect(sent.tokens.map(({ index, kind }) => ({ index, kind }))).toEqual(submitted.subjects);
  });

  it('sends neither the identifiers, nor the case code, nor the evidence salt', async () => {
    const submitted = await at.recourse.sanctions.submit(input());
    const sent = JSON.stringify(at.registry.received.map(({ payload }) => payload));
    for (const secret of [
      'reator@',
      '4155552671',
      submitted.caseCode,
      first(submitted.evidence).salt,
    ]) {
      expect(sent).not.toContain(secret);
    }
    expect(submitted.caseLink).toBe(`${origin}/case#${submitted.caseCode}`);
    expect(submitted.caseCode).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){7}[0-9a-hjkmnp-tv-z]{4}$/);
    expect(submitted.noticeDueAt).toEqual(new Date('2026-03-08T12:00:00Z'));
  });

  it('lives for half of the longest life when nothing else is said', async () => {
    await at.recourse.sanctions.submit({
      ...input(),
      creator: { domain: { value: 'example.com', ...proven } },
    });
    expect(new Date((await statementIn(first(effects))).exp * 1000)).toEqual(
      new Date('2027-08-19T12:00:00Z'),
    );
  });

  it('shares evaluations among records that are prepared at once, and each has its own tokens', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `creator-${n}.example`);
    const prepared = await Promise.all(
      names.map(async (value) => {
        const creator = { domain: { value, ...proven } };
        return (await at.recourse.sanctions.prepare({ ...input(), creator })).submit();
      }),
    );
    expect(prepared).toHaveLength(40);
    const evaluations = at.registry.received.filter(
      ({ payload }) => payload.op === 'checks.evaluate',
    );
    expect(evaluations.length).toBeLessThanOrEqual(3);
    const secret = at.registry.tokenSecret();
    const expected = names.map((name) =>
      toBase64url(evaluateToken(secret, tokenInput('domain', name))),
    );
    const sent = effects.flatMap(({ tokens }) => tokens.map(({ token }) => token));
    expect(sent.toSorted()).toEqual(expected.toSorted());
  });

  it('refuses a record whose identifier is none, and none that is prepared beside it', async () => {
    const prepare = (value: string) =>
      at.recourse.sanctions.prepare({ ...input(), creator: { domain: { value, ...proven } } });
    const settled = await Promise.allSettled(
      ['a.example', 'b.example', 'no domain', 'c.example'].map(prepare),
    );
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  it('plants the subjects in places drawn anew each time', async () => {
    const places = new Set<string>();
    for (let i = 0; i < 12; i++) {
      const { subjects } = await at.recourse.sanctions.prepare(input());
      places.add(JSON.stringify(subjects));
    }
    expect(places.size).toBeGreaterThan(3);
  });

  it('names nobody in clear: neither in its account of facts nor in the own case id', async () => {
    const account = 'Wrote as creator@example.com, and as @creator.';
    const refused = { ...input(), account, ref: 'creator-shop.com' };
    const error: unknown = await at.recourse.sanctions.submit(refused).catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: 'invalid-input',
      issues: [
        { path: 'account.9', code: 'names-an-address' },
        { path: 'account.37', code: 'names-a-handle' },
        { path: 'ref', code: 'names-somebody' },
      ],
    });
    expect(String(error)).not.toContain('creator');
    expect(at.registry.received).toEqual([]);
    await at.recourse.sanctions.submit({ ...input(), ref: 'TICKET.4711/2#a' });
    expect(effects.map(({ ref }) => ref)).toEqual(['TICKET.4711/2#a']);
  });

  it('names what is wrong before anything is sent', async () => {
    const error: unknown = await at.recourse.sanctions
      .submit({ ...input(), policy: -1 })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'invalid-input', issues: [{ path: 'policy' }] });
    expect(effects).toEqual([]);
  });
});

describe('evidence is hashed as it streams, and stays', () => {
  it('is opened by what is in the journal before anything is sent, and hash and place never leave', async () => {
    const from = '/exports/payments.csv';
    const evidence = input().evidence.map((item) => ({ ...item, from }));
    const submitted = await at.recourse.sanctions.submit({ ...input(), evidence });
    expect(journalled).toEqual([submitted.evidence]);
    const { sha256 = '' } = first(submitted.evidence);
    expect(sha256).toBe(createHash('sha256').update('a,b\n1,2').digest('hex'));
    expect(first(submitted.evidence).from).toBe(from);
    const sent = JSON.stringify(at.registry.received.map(({ payload }) => payload));
    for (const own of [sha256, from]) expect(sent).not.toContain(own);
  });

  const bytes = new Uint8Array(300_000).fill(5);
  async function* chunks(): AsyncIterable<Uint8Array> {
    yield bytes.subarray(0, 100_000);
    yield bytes.subarray(100_000);
  }

  it('commits to the same bytes from every kind of source', async () => {
    const sources = [bytes, new Blob([bytes]), new Blob([bytes]).stream(), chunks()];
    for (const source of sources) {
      const evidence = [{ class: 'payment-records', source } as const];
      const { evidence: openings } = await at.recourse.sanctions.prepare({ ...input(), evidence });
      const { salt, commitment } = first(openings);
      expect(commitment).toBe(new EvidenceCommitment(salt).update(bytes).digest());
      expect(fromBase64url(salt)).toHaveLength(32);
    }
  });

  it('commits by the salt of an earlier record to the item of that one', async () => {
    const { recourse } = at;
    const commit = (salt?: string) =>
      recourse.sanctions.prepare({
        ...input(),
        evidence: [{ class: 'payment-records', source: bytes, salt }],
      });
    const [opening] = (await commit()).evidence;
    expect((await commit(opening?.salt)).evidence).toEqual([opening]);
    expect((await commit()).evidence).not.toEqual([opening]);
    expect(await codeOf(() => commit('short'))).toBe('invalid-input');
  });

  it('refuses an item that no registry would take, and an empty one', async () => {
    for (const source of [new Uint8Array(4 * 1024 * 1024 + 1), new Uint8Array()]) {
      const evidence = [{ class: 'payment-records', source } as const];
      expect(await codeOf(() => at.recourse.sanctions.submit({ ...input(), evidence }))).toBe(
        'invalid-input',
      );
    }
  });
});

describe('a crash costs nothing', () => {
  it('saves the signed submission before the first attempt, and clears it when it was answered', async () => {
    at.registry.loses = 99;
    const intoTheVoid = at.recourse.sanctions.prepare(input());
    const prepared = await intoTheVoid.catch(() => undefined);
    expect(prepared).toBeUndefined();
    at.registry.loses = 0;
    await at.recourse.sanctions.submit(input());
    expect(done).toEqual(saved.map(({ sanction }) => sanction));
  });

  it('sends what the outbox kept with one effect, however often', async () => {
    const prepared = await at.recourse.sanctions.prepare(input());
    at.registry.loses = 99;
    expect(await codeOf(() => prepared.submit())).toBe('unavailable');
    expect([saved.length, done.length]).toEqual([1, 0]);
    at.registry.loses = 0;
    const resumed = await at.connectAgain().sanctions.resume(first(saved));
    expect(resumed.caseCode).toBe(prepared.caseCode);
    expect(effects).toHaveLength(1);
    expect(done).toEqual([prepared.sanction]);
  });

  it('drafts what was prepared', async () => {
    const prepared = await at.recourse.sanctions.prepare(input());
    const drafted = await prepared.draft();
    expect(drafted.lapsesAt).toEqual(new Date('2026-03-08T12:00:00Z'));
    expect(saved[0]?.op).toBe('sanctions.draft');
  });
});

describe('signed by the trust key', () => {
  it('withdraws under a statement of its own', async () => {
    const result = { sanction: sanctionA, state: 'withdrawn', version: 2, recalls: 3 };
    at.registry.handlers.set('sanctions.withdraw', () => ({ result }));
    expect(await at.recourse.sanctions.withdraw({ sanction: sanctionA, cause: 'error' })).toEqual(
      result,
    );
    const call = first(at.registry.received);
    expect(call.key.kid).toBe(at.trust.kid);
    const { payload } = await openArtefact((call.payload.in as { withdrawal: string }).withdrawal, {
      typ: 'recourse-withdrawal+jwt',
      schema: withdrawalSchema,
      jwk: at.trust.publicJwk,
    });
    expect(payload).toMatchObject({ iss: platformA, aud: origin, sub: sanctionA, cause: 'error' });
  });

  it('says of a home reversal what lifted it, and keeps what opens the complaint', async () => {
    const source = utf8('They had the wrong account.');
    const kept: (readonly EvidenceOpening[])[] = [];
    const known: EvidenceOpening = { class: 'platform-logs', commitment: 'c', salt: 's' };
    const { sanctions } = at.connectAgain({
      journal: {
        load: () => Promise.resolve([known]),
        save: (_, evidence) => Promise.resolve(void kept.push(evidence)),
      },
    });
    const result = { sanction: sanctionA, state: 'withdrawn', version: 2, recalls: 3 };
    at.registry.handlers.set('sanctions.withdraw', () => ({ result }));
    const { complaint } = await sanctions.withdraw({
      sanction: sanctionA,
      cause: 'home-reversal',
      lifted: { at: ago(1), by: 'court', complaint: { source } },
    });
    expect(kept).toEqual([[known, complaint]]);
    expect(new EvidenceCommitment(complaint!.salt).update(source).digest()).toBe(
      complaint!.commitment,
    );
    const { withdrawal } = first(at.registry.received).payload.in as { withdrawal: string };
    const { payload } = await openArtefact(withdrawal, {
      typ: 'recourse-withdrawal+jwt',
      schema: withdrawalSchema,
      jwk: at.trust.publicJwk,
    });
    expect(payload.lifted).toEqual({
      at: toNumericDate(ago(1)),
      by: 'court',
      complaint: complaint!.commitment,
    });
  });

  it('confirms a derived record with evidence of its own, and keeps what opens it', async () => {
    const result = { sanction: sanctionA, state: 'visible', version: 3 };
    at.registry.handlers.set('sanctions.confirmEcho', () => ({ result: { confirmed: [result] } }));
    const source = utf8('own export');
    const own = { class: 'payment-records', source, collectedAt: ago(2), basis: 'later' } as const;
    const order = { sanction: sanctionA, evidence: [own] } as const;
    const [confirmed] = await at.recourse.sanctions.confirmEcho([order]);
    expect(confirmed).toMatchObject(result);
    const [kept] = confirmed!.evidence;
    const call = first(at.registry.received);
    expect(call.key.kid).toBe(at.trust.kid);
    const { payload } = await openArtefact(
      (call.payload.in as { confirmations: string[] }).confirmations[0]!,
      { typ: 'recourse-echo+jwt', schema: derivedConfirmationSchema, jwk: at.trust.publicJwk },
    );
    expect(payload).toMatchObject({
      iss: platformA,
      aud: origin,
      sub: sanctionA,
      evidence: [{ commitment: kept!.commitment, basis: 'later' }],
    });
    const opened = new EvidenceCommitment(kept!.salt).update(source).digest();
    expect(opened).toBe(kept!.commitment);
  });

  it('reports a refusal with the trust key, an admission with the service key', async () => {
    at.registry.handlers.set('checks.report', () => ({ result: { recorded: 1 } }));
    const match = 'mat_01hzy3v7q8e9k4m5n6p7r8s9t0';
    await at.recourse.outcomes.report([{ match, outcome: 'admitted' }]);
    await at.recourse.outcomes.report([
      { match, outcome: 'refused', reviewedAt: now, noticeSentAt: now },
    ]);
    expect(at.registry.received.map(({ key }) => key.kid)).toEqual([at.service.kid, at.trust.kid]);
  });

  it('needs one', async () => {
    const service = at.connectAgain({ signers: { service: at.service } });
    expect(await codeOf(() => service.sanctions.submit(input()))).toBe('signer-missing');
  });
});
