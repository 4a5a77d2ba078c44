import type { Decision, Id } from '@recourse/protocol';
import { random32, type TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  advanceTo,
  appealCase,
  appealOf,
  claimCase,
  day,
  decide,
  decisionOf,
  deliver,
  eventsOf,
  impersonation,
  newCase,
  readyCase,
  recallsOf,
  sanctionOf,
  startAppealRegistry,
} from './appeals-harness.ts';
import { askNew, resultOf } from './checks-fixture.ts';
import { problem } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const secondsNow = () => Math.floor(registry.now().getTime() / 1000);
type Ready = Awaited<ReturnType<typeof readyCase>>;
const by = (ready: Ready, decision: Partial<Decision>, place = 0) =>
  decide(registry, { ...ready, by: ready.reviewers[place]!.key, decision });
const lastEvent = async (sanction: string) =>
  (await eventsOf(registry, { sanction, party: registry.parties.tubely.id })).at(-1);

describe('outcomes', () => {
  test('upheld: it goes on, and everyone told is told', async () => {
    const ready = await readyCase(registry);
    expect(resultOf(await by(ready, { outcome: 'upheld' }))).toMatchObject({
      state: 'decided',
      outcome: 'upheld',
      recalls: 0,
    });
    expect(await sanctionOf(registry, ready.sanction)).toMatchObject({
      state: 'visible',
      disputed: false,
    });
    expect(await lastEvent(ready.sanction)).toBe('sanction-upheld');
    expect(await appealOf(registry, ready.appeal)).toMatchObject({
      state: 'decided',
      outcome: 'upheld',
      claims: [],
    });
  });

  test('amended: shorter, lesser, one subject less, and everyone told corrects', async () => {
    const ready = await readyCase(registry);
    const exp = secondsNow() + 60 * day;
    const decision: Partial<Decision> = {
      outcome: 'amended',
      exp,
      reason: 'network.fake-accounts',
      detach: [1],
    };
    expect(resultOf(await by(ready, decision))).toMatchObject({ outcome: 'amended', recalls: 1 });
    const record = await sanctionOf(registry, ready.sanction);
    expect(record).toMatchObject({ state: 'visible', reason: 'network.fake-accounts' });
    expect(Date.parse(record.expiresAt)).toBe(exp * 1000);
    expect(await recallsOf(registry, ready.sanction)).toMatchObject([
      { kind: 'correct', version: record.version },
    ]);
    expect(await lastEvent(ready.sanction)).toBe('sanction-amended');
    const { market } = registry.parties;
    const [kept, detached] = await Promise.all(
      ready.tokens.map(async (token) => resultOf(await askNew(registry, market, [token]))),
    );
    expect(kept).toMatchObject({ matches: [{ amendment: expect.stringContaining('.') }] });
    expect(detached).toMatchObject({ matches: [] });
  });

  test('reversed: ended by the panel with the decision, undone everywhere', async () => {
    const ready = await readyCase(registry);
    const decision = { outcome: 'reversed', cause: 'mistaken-identity' } as const;
    expect(resultOf(await by(ready, decision))).toMatchObject({ outcome: 'reversed', recalls: 1 });
    const [end] = await registry.db
      .selectFrom('ends')
      .selectAll()
      .where('sanction', '=', ready.sanction)
      .execute();
    expect(end).toMatchObject({ kind: 'reversed', cause: 'mistaken-identity', by_party: 'panel' });
    expect(end?.artefact).toContain('.');
    expect(await appealOf(registry, ready.appeal)).toMatchObject({
      state: 'decided',
      cause: 'mistaken-identity',
    });
    expect(await lastEvent(ready.sanction)).toBe('sanction-reversed');
  });

  test('dismissed: within 5 d, and not later', async () => {
    const theCase = await newCase(registry);
    const { id: appeal, opened_at } = await appealCase(registry, theCase);
    const { key } = await claimCase(registry, registry.parties.panel[0], appeal);
    const decided = { ...theCase, appeal, by: key, decision: { outcome: 'dismissed' } as const };
    expect(resultOf(await decide(registry, decided))).toMatchObject({ outcome: 'dismissed' });
    expect((await sanctionOf(registry, theCase.sanction)).state).toBe('visible');
    const late = await newCase(registry);
    const { id } = await appealCase(registry, late);
    await claimCase(registry, key, id);
    advanceTo(registry, opened_at, 8 * day);
    expect(
      problem(await decide(registry, { ...late, appeal: id, by: key, decision: decided.decision })),
    ).toEqual(['invalid-input', 'too-late']);
    const reversed = { outcome: 'reversed', cause: 'error' } as const;
    resultOf(await decide(registry, { ...late, appeal: id, by: key, decision: reversed }));
  });

  test('on an ended record: upheld or a finding, which is undone like a reversal', async () => {
    const { tubely, panel } = registry.parties;
    const theCase = await newCase(registry, { statement: { exp: secondsNow() + 2 * day } });
    const { id: appeal } = await appealCase(registry, theCase);
    const { key } = await claimCase(registry, panel[0], appeal);
    registry.advance(3 * day);
    const send = async (decision: Partial<Decision>) =>
      decide(registry, { ...theCase, appeal, by: key, decision });
    const ofLive: Partial<Decision>[] = [
      { outcome: 'reversed', cause: 'error' },
      { outcome: 'dismissed' },
      { outcome: 'amended', detach: [0] },
    ];
    for (const decision of ofLive) {
      expect(problem(await send(decision))).toEqual(['invalid-input', 'record-ended']);
    }
    const answer = resultOf(await send({ outcome: 'finding', cause: 'victim' }));
    expect(answer).toMatchObject({ state: 'decided', outcome: 'finding', recalls: 1 });
    expect(await recallsOf(registry, theCase.sanction)).toMatchObject([
      { kind: 'undo', party: tubely.id },
    ]);
    expect((await sanctionOf(registry, theCase.sanction)).state).toBe('expired');
  });
});

describe('what a decision needs', () => {
  test('nothing is upheld or amended on evidence that was not confirmed', async () => {
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase);
    const reviewer = await claimCase(registry, registry.parties.panel[0], appeal);
    const send = (decision: Partial<Decision>) =>
      decide(registry, { ...theCase, appeal, by: reviewer.key, decision });
    const refused = async (code: string) => {
      const standing: Partial<Decision>[] = [
        { outcome: 'upheld' },
        { outcome: 'amended', detach: [0] },
      ];
      for (const decision of standing) {
        expect(problem(await send(decision))).toEqual(['state-conflict', code]);
      }
    };
    await refused('not-confirmed');
    resultOf(await deliver(registry, { appeal, to: [reviewer] }));
    await refused('not-confirmed');
    resultOf(await registry.call(reviewer.key, 'evidence.confirm', { appeal }));
    // Nor on evidence of which the creator had no gist; a question is none.
    await refused('no-gist');
    const ask = async (kind: 'gist' | 'question') =>
      resultOf(
        await registry.call(reviewer.key, 'review.ask', { appeal, kind, text: 'Whose is it?' }),
      ) as { question: Id<'qst'>; answerDueAt: string };
    await ask('question');
    await refused('no-gist');
    // Nor before they answered it, or had ten days to.
    const { answerDueAt } = await ask('gist');
    await refused('gist-unanswered');
    advanceTo(registry, answerDueAt, -60);
    await refused('gist-unanswered');
    advanceTo(registry, answerDueAt);
    resultOf(await send({ outcome: 'upheld' }));
  });

  test('its members, and no others', async () => {
    const ready = await readyCase(registry);
    const rows: [Partial<Decision>, string][] = [
      [{ outcome: 'reversed' }, 'missing'],
      [{ outcome: 'upheld', cause: 'error' }, 'unexpected'],
      [{ outcome: 'finding', cause: 'error' }, 'record-live'],
      [{ outcome: 'amended' }, 'amendment-missing'],
      [{ outcome: 'upheld', exp: secondsNow() + day }, 'amends-nothing'],
      [{ outcome: 'amended', exp: secondsNow() - day }, 'in-the-past'],
      [{ outcome: 'amended', exp: secondsNow() + 900 * day }, 'not-earlier'],
      [{ outcome: 'amended', reason: 'fraud.scam' }, 'not-lesser'],
      [{ outcome: 'amended', reason: 'network.bulk-spam' }, 'beyond-reason'],
      [{ outcome: 'amended', detach: [0, 1] }, 'all-subjects'],
      [{ outcome: 'amended', detach: [0, 0] }, 'twice'],
      [{ outcome: 'amended', detach: [5] }, 'no-such-subject'],
      [{ outcome: 'upheld', aud: 'https://other.test' }, 'another-registry'],
      [{ outcome: 'upheld', reasons: random32() }, 'not-committed'],
      [{ outcome: 'upheld', iat: secondsNow() + 3600 }, 'in-the-future'],
    ];
    for (const [decision, code] of rows) {
      expect([decision.outcome, ...problem(await by(ready, decision))]).toEqual([
        decision.outcome,
        'invalid-input',
        code,
      ]);
    }
    const other = await newCase(registry);
    expect(problem(await by(ready, { outcome: 'upheld', sub: other.sanction }))).toEqual([
      'invalid-input',
      'another-sanction',
    ]);
  });

  test('once, and a second time is told so', async () => {
    const ready = await readyCase(registry);
    resultOf(await by(ready, { outcome: 'upheld' }));
    expect(problem(await by(ready, { outcome: 'upheld' }))).toEqual(['already-decided']);
    expect(problem(await by(ready, { outcome: 'reversed', cause: 'error' }))).toEqual([
      'already-decided',
    ]);
  });

  test('the own key, on an own assignment', async () => {
    const { panel } = registry.parties;
    const ready = await readyCase(registry);
    const decision = { outcome: 'reversed', cause: 'error' } as const;
    const decided = { ...ready, decision };
    const signed = await decisionOf(registry, { ...decided, by: panel[0] });
    expect(problem(await registry.call(panel[1], 'review.decide', signed))).toEqual([
      'invalid-input',
      'not-own-key',
    ]);
    expect(problem(await decide(registry, { ...decided, by: panel[1] }))).toEqual(['not-found']);
    resultOf(await decide(registry, { ...decided, by: panel[0] }));
  });
});

describe('two reviewers, blind to each other', () => {
  const both = (options: Parameters<typeof readyCase>[1] = {}) =>
    readyCase(registry, {
      ground: 'expression',
      statement: impersonation(),
      shown: true,
      reviewers: registry.parties.panel.slice(0, 2),
      ...options,
    });

  test('the first vote is visible to nobody', async () => {
    const ready = await both();
    const { harbour, tubely } = registry.parties;
    const [one, two] = ready.reviewers;
    const seen = async () => [
      await appealOf(registry, ready.appeal),
      await sanctionOf(registry, ready.sanction),
      resultOf(await registry.call(two!.key, 'review.get', { appeal: ready.appeal })),
      resultOf(await registry.call(two!.key, 'review.queue', {})),
      (await registry.caseCall('case.open', { code: ready.key })).body.result.data,
      await eventsOf(registry, { ...ready, party: harbour.id }),
      await eventsOf(registry, { ...ready, party: tubely.id }),
      await entries(),
    ];
    const before = await seen();
    const vote = await by(ready, { outcome: 'reversed', cause: 'expression' });
    expect(resultOf(vote)).toEqual({ appeal: ready.appeal, state: 'awaiting-another', recalls: 0 });
    expect(vote.body.changes).toBeUndefined();
    expect(await seen()).toEqual(before);
    expect(problem(await by(ready, { outcome: 'upheld' }))).toEqual(['already-decided']);
    for (const op of ['review.recuse', 'review.ask', 'review.relieve'] as const) {
      const input = {
        'review.recuse': { appeal: ready.appeal, why: 'workload' as const },
        'review.ask': { appeal: ready.appeal, kind: 'question' as const, text: 'Why?' },
        'review.relieve': {
          appeal: ready.appeal,
          until: new Date((secondsNow() + day) * 1000).toISOString(),
        },
      };
      expect(problem(await registry.call(one!.key, op, input[op]))).toEqual(['already-decided']);
    }
    // Both find it wrong: the cause of the later.
    expect(resultOf(await by(ready, { outcome: 'reversed', cause: 'error' }, 1))).toMatchObject({
      outcome: 'reversed',
    });
    expect(await sanctionOf(registry, ready.sanction)).toMatchObject({ cause: 'error' });
    expect(await entries()).not.toEqual(before.at(-1));
  });

  test('disagreement reverses, for the cause of whoever found it wrong', async () => {
    const ready = await both();
    resultOf(await by(ready, { outcome: 'reversed', cause: 'victim' }));
    expect(resultOf(await by(ready, { outcome: 'upheld' }, 1))).toMatchObject({
      outcome: 'reversed',
      recalls: 1,
    });
    expect((await sanctionOf(registry, ready.sanction)).cause).toBe('victim');
  });

  test('disagreement of any other kind reverses for insufficient evidence', async () => {
    const exp = secondsNow() + 60 * day;
    const pairs: [Partial<Decision>, Partial<Decision>][] = [
      [{ outcome: 'upheld' }, { outcome: 'amended', exp }],
      [
        { outcome: 'amended', exp },
        { outcome: 'amended', exp: exp - 1 },
      ],
    ];
    for (const [first, second] of pairs) {
      const ready = await both();
      resultOf(await by(ready, first));
      resultOf(await by(ready, second, 1));
      expect(await sanctionOf(registry, ready.sanction)).toMatchObject({
        state: 'reversed',
        cause: 'insufficient-evidence',
      });
      const [end] = await registry.db
        .selectFrom('ends')
        .select('artefact')
        .where('sanction', '=', ready.sanction)
        .execute();
      expect(end?.artefact).toBeNull();
    }
  });

  test('what both say stands', async () => {
    const upheld = await both();
    resultOf(await by(upheld, { outcome: 'upheld' }));
    resultOf(await by(upheld, { outcome: 'upheld' }, 1));
    expect(await sanctionOf(registry, upheld.sanction)).toMatchObject({ state: 'visible' });
    const amended = await both();
    const decision = { outcome: 'amended', exp: secondsNow() + 60 * day } as const;
    resultOf(await by(amended, decision));
    expect(Date.parse((await sanctionOf(registry, amended.sanction)).expiresAt)).toBeGreaterThan(
      decision.exp * 1000,
    );
    expect(resultOf(await by(amended, decision, 1))).toMatchObject({ outcome: 'amended' });
    const { expiresAt } = await sanctionOf(registry, amended.sanction);
    expect(Date.parse(expiresAt)).toBe(decision.exp * 1000);
  });

  test('physical harm and minors are theirs too', async () => {
    const theCase = await newCase(registry, {
      statement: {
        reason: 'identity.account-takeover',
        age: 'minor',
        exp: secondsNow() + 100 * day,
        evidence: [{ class: 'session-records', commitment: random32() }],
      },
      told: [],
    });
    expect((await appealCase(registry, theCase)).reviewers).toBe(2);
  });
});

const entries = async (): Promise<string[]> =>
  (await registry.pendingEntries()).filter((entry) => !entry.includes('"type":"calls"'));
