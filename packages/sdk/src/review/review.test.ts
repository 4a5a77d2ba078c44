import {
  claimSchema,
  countersignatureSchema,
  appealDecisionSchema,
  fromNumericDate,
  inspectionDecisionSchema,
  openArtefact,
  Problem,
  panelVoteSchema,
  reasonsCommitment,
  strikesCommitment,
  type Signer,
} from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, first, type ConnectedClients } from '../../tests/connected.ts';
import { appealRecordA } from '../../tests/fake-appeal.ts';
import { appealA, origin, sanctionA } from '../../tests/fake-registry.ts';
import { memorySealingKeys, type Recourse, type SealingKeys } from '../index.ts';

let at: ConnectedClients;
let reviewer: Signer;
let keys: SealingKeys;
let recourse: Recourse;
/** The registry's side of one case: nobody's, assigned, keyed. */
let state: 'waiting' | 'assigned' | 'keyed';
let claims: string[];
beforeEach(async () => {
  at = await connected();
  const chair = await at.registry.addParty('panel', 'reviewer');
  reviewer = await at.registry.addKey('panel', { by: chair, role: 'reviewer' });
  keys = memorySealingKeys();
  recourse = asReviewer({ sealingKeys: keys });
  state = 'waiting';
  claims = [];
  const claimed = () => ({
    ...appealRecordA,
    keyed: state === 'keyed',
    language: 'en',
    batch: [appealA],
  });
  at.registry.handlers.set('review.queue', () => ({
    result: {
      claims:
        state === 'waiting'
          ? []
          : [{ ...claimed(), claimedAt: '2026-03-01T12:00:00Z', batch: appealA }],
      waiting: { eligible: 1, all: 1, overdue: 0 },
    },
  }));
  at.registry.handlers.set('review.claim', ({ payload }) => {
    const { claim } = payload.in as { claim?: string };
    if (claim === undefined) {
      if (state !== 'waiting') throw new Problem('not-found');
      state = 'assigned';
    } else {
      claims.push(claim);
      state = 'keyed';
    }
    return { result: claimed() };
  });
});

const asReviewer = (overrides: object): Recourse =>
  at.connectAgain({ party: 'panel', signers: { reviewer }, ...overrides });

const openClaim = async () =>
  (
    await openArtefact(first(claims), {
      typ: 'recourse-claim+jwt',
      schema: claimSchema,
      jwk: reviewer.publicJwk,
    })
  ).payload;

describe('a reviewer takes a case', () => {
  it('is assigned one, and signs a fresh key for it that was saved before', async () => {
    expect(await recourse.review.take()).toMatchObject({
      appeal: appealA,
      keyed: true,
    });
    const claim = await openClaim();
    const { d, ...key } = (await keys.load(appealA)) ?? { d: '' };
    expect(d).toHaveLength(43);
    expect(claim).toMatchObject({ iss: 'panel', aud: origin, appeal: appealA, key });
    expect(at.registry.received[1]?.payload.in).toEqual({});
  });

  it('takes up an assigned case without a key before it asks for another', async () => {
    state = 'assigned';
    await recourse.review.take();
    expect((await openClaim()).appeal).toBe(appealA);
    const ops = at.registry.received.map(({ payload }) => payload.op);
    expect(ops).toEqual(['review.queue', 'review.claim']);
  });

  it('claims with the key it had saved when it crashed', async () => {
    const crashing: SealingKeys = {
      load: (appeal) => keys.load(appeal),
      save: async (appeal, jwk) => {
        await keys.save(appeal, jwk);
        throw new Error('crash');
      },
    };
    await expect(asReviewer({ sealingKeys: crashing }).review.take()).rejects.toThrow('crash');
    const saved = await keys.load(appealA);
    await recourse.review.take();
    expect((await openClaim()).key.x).toBe(saved?.x);
  });

  it('makes a fresh key where the saved one is that of an earlier claim', async () => {
    state = 'assigned';
    await recourse.review.take();
    const [used = ''] = claims.splice(0);
    const claim = at.registry.handlers.get('review.claim');
    const keyOf = (compact: string): string =>
      claimSchema.parse(
        JSON.parse(Buffer.from(compact.split('.')[1] ?? '', 'base64url').toString()),
      ).key.x;
    at.registry.handlers.set('review.claim', (call) => {
      const { claim: compact } = call.payload.in as { claim: string };
      if (keyOf(compact) === keyOf(used)) {
        throw new Problem('invalid-input', { issues: [{ path: 'claim.key', code: 'not-fresh' }] });
      }
      return claim?.(call) ?? { result: {} };
    });
    state = 'assigned';
    await recourse.review.take();
    expect((await openClaim()).key.x).toBe((await keys.load(appealA))?.x);
    expect(keyOf(first(claims))).not.toBe(keyOf(used));
  });

  it('takes all that rests on the same evidence by one key, and what a crash left of it', async () => {
    const [appealB, appealC] = ['1', '2'].map(
      (n) => `${appealA.slice(0, -1)}${n}` as typeof appealA,
    ) as [typeof appealA, typeof appealA];
    const appeals = [appealA, appealB, appealC];
    const keyed = new Set<string>();
    const queue = at.registry.handlers;
    queue.set('review.queue', () => ({
      result: {
        claims: appeals.map((appeal) => ({
          ...appealRecordA,
          appeal,
          keyed: keyed.has(appeal),
          batch: appealA,
          claimedAt: '2026-03-01T12:00:00Z',
        })),
        waiting: { eligible: 0, all: 0, overdue: 0 },
      },
    }));
    const kids: string[] = [];
    queue.set('review.claim', ({ payload }) => {
      const { claim = '' } = payload.in as { claim?: string };
      const claims = claimSchema.parse(
        JSON.parse(Buffer.from(claim.split('.')[1] ?? '', 'base64url').toString()),
      );
      if (claims.appeal === appealC && kids.length === 2) throw new Error('crash');
      kids.push(claims.key.x);
      keyed.add(claims.appeal);
      return { result: { ...appealRecordA, keyed: true, language: 'en', batch: appeals } };
    });
    await recourse.review.take().catch(() => undefined);
    expect([...keyed]).toEqual([appealA, appealB]);
    kids.splice(0);
    await recourse.review.take();
    expect([...keyed]).toEqual(appeals);
    const saved = await Promise.all(appeals.map((appeal) => keys.load(appeal as typeof appealA)));
    expect(new Set([...saved.map((key) => key?.x), ...kids]).size).toBe(1);
  });

  it('is assigned nothing without a place for its key, or without its own', async () => {
    expect(await codeOf(() => asReviewer({}).review.take())).toBe('sealing-key-missing');
    const keyless = at.connectAgain({ sealingKeys: keys });
    expect(await codeOf(() => keyless.review.take())).toBe('signer-missing');
    expect(state).toBe('waiting');
  });
});

describe('an inspection', () => {
  const inspection = 'itm_01jzzzzzzzzzzzzzzzzzzzzzzz';
  const shown = {
    inspection,
    sanction: sanctionA,
    why: 'drawn',
    state: 'open',
    openedAt: '2026-03-01T12:00:00Z',
    dueAt: '2026-03-31T12:00:00Z',
    batch: [inspection],
  } as const;

  it('is taken by the same call, with a key of its own', async () => {
    at.registry.handlers.set('review.claim', ({ payload }) => {
      const { claim } = payload.in as { claim?: string };
      if (claim !== undefined) claims.push(claim);
      return { result: { ...shown, keyed: claim !== undefined } };
    });
    expect(await recourse.review.take()).toMatchObject({ inspection, keyed: true });
    const { d: _, ...key } = (await keys.load(inspection)) ?? { d: '' };
    expect(await openClaim()).toMatchObject({ appeal: inspection, key });
  });

  it('is decided by the same artefact, and has no outcome of an appeal', async () => {
    const decided = { appeal: inspection, state: 'decided', outcome: 'failed', recalls: 1 };
    at.registry.handlers.set('review.decide', () => ({ result: decided }));
    const judged = { appeal: inspection, sanction: sanctionA, reasons: 'Why.' } as const;
    expect(await recourse.review.decide({ ...judged, outcome: 'failed' })).toEqual(decided);
    const { decision } = first(at.registry.received).payload.in as { decision: string };
    const { payload } = await openArtefact(decision, {
      typ: 'recourse-decision+jwt',
      schema: inspectionDecisionSchema,
      jwk: reviewer.publicJwk,
    });
    expect(payload).toMatchObject({ appeal: inspection, outcome: 'failed' });
    const upheld = () => recourse.review.decide({ ...judged, outcome: 'upheld' });
    expect(await codeOf(upheld)).toBe('invalid-input');
  });
});

describe('a sitting reviewer signs for a new one', () => {
  const seat = {
    invite: 'A'.repeat(43),
    affiliations: [],
    languages: ['en'],
    optOut: ['abuse.ncii' as const],
    termUntil: new Date('2027-01-01T00:00:00Z'),
  };

  it('for one invite, with its term and affiliations, and sends nothing', async () => {
    const compact = await recourse.review.countersign(seat);
    const { payload } = await openArtefact(compact, {
      typ: 'recourse-countersignature+jwt',
      schema: countersignatureSchema,
      jwk: reviewer.publicJwk,
    });
    expect(payload).toMatchObject({ iss: 'panel', aud: origin, invite: seat.invite });
    expect(fromNumericDate(payload.termUntil)).toEqual(seat.termUntil);
    expect(at.registry.received).toEqual([]);
  });

  it('names what is no seat, before it is signed', async () => {
    expect(await codeOf(() => recourse.review.countersign({ ...seat, invite: 'x' }))).toBe(
      'invalid-input',
    );
  });
});

describe('a reviewer decides', () => {
  const decided = { appeal: appealA, state: 'decided', outcome: 'amended', recalls: 2 };
  beforeEach(() => {
    at.registry.handlers.set('review.decide', () => ({ result: decided }));
  });
  const sent = () =>
    first(at.registry.received).payload.in as {
      decision: string;
      reasons: { text: string; salt: string };
    };

  it('signs the decision, committed to salted reasons', async () => {
    const expires = new Date('2026-06-01T00:00:00Z');
    const input = { appeal: appealA, sanction: sanctionA, outcome: 'amended' } as const;
    const more = { reason: 'network.bulk-spam', expires, detach: [2], reasons: 'Why.' } as const;
    expect(await recourse.review.decide({ ...input, ...more })).toEqual(decided);
    const { decision, reasons } = sent();
    const { payload } = await openArtefact(decision, {
      typ: 'recourse-decision+jwt',
      schema: appealDecisionSchema,
      jwk: reviewer.publicJwk,
    });
    const { exp, ...rest } = payload;
    expect(rest).toMatchObject({
      iss: 'panel',
      aud: origin,
      sub: sanctionA,
      appeal: appealA,
      outcome: 'amended',
      reason: 'network.bulk-spam',
      detach: [2],
      reasons: reasonsCommitment(reasons),
    });
    expect(fromNumericDate(exp ?? 0)).toEqual(expires);
    expect(reasons.text).toBe('Why.');
  });

  it('names what is no decision, before it is signed', async () => {
    const input = { appeal: appealA, sanction: sanctionA, outcome: 'reversed' } as const;
    const error: unknown = await recourse.review
      .decide({ ...input, detach: [9], reasons: 'Why.' })
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'invalid-input', issues: [{ path: 'detach.0' }] });
    expect(at.registry.received).toEqual([]);
  });
});

describe('a reviewer votes', () => {
  it('signs the vote, committed to salted reasons', async () => {
    const item = 'itm_01jzzzzzzzzzzzzzzzzzzzzzzz';
    const answer = { item, state: 'awaiting-others' };
    at.registry.handlers.set('review.vote', () => ({ result: answer }));
    const input = { item, outcome: 'refuse', reasons: 'Why.' } as const;
    expect(await recourse.review.vote(input)).toEqual(answer);
    const { vote, reasons } = first(at.registry.received).payload.in as {
      vote: string;
      reasons: { text: string; salt: string };
    };
    const { payload } = await openArtefact(vote, {
      typ: 'recourse-panel-vote+jwt',
      schema: panelVoteSchema,
      jwk: reviewer.publicJwk,
    });
    const { outcome } = input;
    expect(payload).toMatchObject({ iss: 'panel', aud: origin, item, outcome });
    expect(payload.reasons).toBe(reasonsCommitment(reasons));
  });

  it('signs for the cases that it strikes, which the vote itself does not name', async () => {
    const item = 'itm_01jzzzzzzzzzzzzzzzzzzzzzzz';
    at.registry.handlers.set('review.vote', () => ({ result: { item, state: 'awaiting-others' } }));
    const strikes = ['snc_01jzzzzzzzzzzzzzzzzzzzzzzz'] as const;
    await recourse.review.vote({ item, outcome: 'strike', reasons: 'Why.', strikes });
    const sent = first(at.registry.received).payload.in as {
      vote: string;
      reasons: { salt: string };
      strikes: string[];
    };
    const { payload } = await openArtefact(sent.vote, {
      typ: 'recourse-panel-vote+jwt',
      schema: panelVoteSchema,
      jwk: reviewer.publicJwk,
    });
    expect(sent.strikes).toEqual(strikes);
    expect(payload.strikes).toBe(strikesCommitment(strikes, sent.reasons.salt));
  });
});
