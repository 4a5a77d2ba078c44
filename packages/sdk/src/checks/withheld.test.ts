import {
  signCompact,
  toNumericDate,
  type Advice,
  type Match,
  type Signer,
} from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, first, type ConnectedClients } from '../../tests/connected.ts';
import { appealA, now, origin, platformB, sanctionA } from '../../tests/fake-registry.ts';
import { answersWith, email, record } from '../../tests/records.ts';

let at: ConnectedClients;
let trust: Signer;
beforeEach(async () => {
  at = await connected();
  const admin = await at.registry.addParty(platformB);
  trust = await at.registry.addKey(platformB, { by: admin, role: 'trust' });
});

const ask = () => at.recourse.check({ email }, { purpose: 'signup', provenAt: now });

/** The match without what an appeal withholds. */
async function withheld(overrides: Partial<Match> = {}): Promise<Match> {
  const { statement: _, leaf: __, ...match } = await record(at.registry, { trust });
  return { ...match, disputed: true, ...overrides };
}

async function advises(advice: Advice, matches: readonly Match[]): Promise<void> {
  await answersWith(at.registry, matches);
  const answer = at.registry.handlers.get('checks.match');
  at.registry.handlers.set('checks.match', async (call) => {
    const { result } = (await answer?.(call)) ?? {};
    return { result: { ...(result as object), advice } };
  });
}

describe('while an appeal puts in doubt whether this is the person, the reason is not told', () => {
  it('says so, and tells nothing that nobody signed', async () => {
    await advises('verify-identity', [await withheld()]);
    const { matches, advice } = await ask();
    expect(advice).toBe('verify-identity');
    expect(first(matches)).toMatchObject({
      reasonWithheld: true,
      disputed: true,
      sanction: sanctionA,
      identifier: 'email',
      identifierPath: 'email',
    });
    expect(first(matches)).not.toHaveProperty('reason');
    expect(first(matches)).not.toHaveProperty('submitter');
  });

  it('advises no more than to verify the identity, whatever the registry says', async () => {
    await advises('review', [await withheld()]);
    expect((await ask()).advice).toBe('verify-identity');
    const shown = await record(at.registry, {
      trust,
      match: { match: 'mat_01hzy3v7q8e9k4m5n6p7r8s9t1' },
    });
    await advises('review', [await withheld(), shown]);
    const { matches, advice } = await ask();
    expect([advice, ...matches.map((match) => match.reasonWithheld)]).toEqual([
      'review',
      true,
      false,
    ]);
  });

  it('is refused where no appeal is open, or a half is missing, or its time is over', async () => {
    const match = await record(at.registry, { trust });
    for (const [shown, code] of [
      [await withheld({ disputed: false }), 'statement-invalid'],
      [await withheld({ statement: match.statement }), 'answer-invalid'],
      [await withheld({ leaf: match.leaf }), 'answer-invalid'],
      [await withheld({ token: 7 }), 'answer-invalid'],
      [await withheld({ expiresAt: '2026-03-01T12:00:00Z' }), 'statement-invalid'],
    ] as const) {
      await advises('verify-identity', [shown]);
      expect(await codeOf(ask)).toBe(code);
    }
  });

  it('drops one that was overtaken', async () => {
    at.recourse.session.seen.see(sanctionA, 9);
    await advises('verify-identity', [await withheld()]);
    expect(await ask()).toMatchObject({ advice: 'no-record', matches: [] });
  });
});

describe('a decision that amends', () => {
  const amended = (signer: Signer, overrides: object): Promise<string> =>
    signCompact(signer, 'recourse-decision+jwt', {
      iss: 'panel',
      aud: origin,
      sub: sanctionA,
      appeal: appealA,
      outcome: 'amended',
      reasons: 'A'.repeat(43),
      iat: toNumericDate(now),
      ...overrides,
    });

  it('is returned with the match that it amends', async () => {
    const chair = await at.registry.addParty('panel', 'reviewer');
    const amendment = await amended(chair, { reason: 'network.bulk-spam' });
    await advises('review', [await record(at.registry, { trust, match: { amendment } })]);
    expect(first((await ask()).matches)).toMatchObject({
      reasonWithheld: false,
      reason: 'network.bulk-spam',
      statement: { reason: 'fraud.scam' },
      amendment: { outcome: 'amended', appeal: appealA },
    });
  });

  it('ends a match on an identifier that it detached', async () => {
    const chair = await at.registry.addParty('panel', 'reviewer');
    for (const [detach, code] of [
      [[3], 'commitment-invalid'],
      [[2], 'nothing thrown'],
    ] as const) {
      const amendment = await amended(chair, { detach });
      await advises('review', [await record(at.registry, { trust, match: { amendment } })]);
      expect(await codeOf(ask)).toBe(code);
    }
  });

  it('must be one of this sanction by the panel where the statement is withheld, too', async () => {
    await at.registry.addParty('panel', 'reviewer');
    const amendment = await amended(trust, {});
    await advises('verify-identity', [await withheld({ amendment })]);
    expect(await codeOf(ask)).toBe('chain-invalid');
  });
});

it("carries the platform's own case id to the check and to the outcome", async () => {
  const ref = 'case-0123456789-abcdef';
  await advises('no-record', []);
  await at.recourse.check({ email }, { purpose: 'safety-review', ref });
  at.registry.handlers.set('checks.report', () => ({ result: { recorded: 1 } }));
  const match = 'mat_01hzy3v7q8e9k4m5n6p7r8s9t0';
  await at.recourse.outcomes.report([{ match, outcome: 'pending', ref }]);
  const inputs = at.registry.received.map(({ payload }) => payload.in);
  expect(first(inputs)).toMatchObject({ purpose: 'safety-review', ref });
  expect(inputs.at(-1)).toEqual({ outcomes: [{ match, outcome: 'pending', ref }] });
});
