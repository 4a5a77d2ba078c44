import { signCompact, toNumericDate } from '@recourse/protocol';
import { random32, type TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  advanceTo,
  answers,
  appealCase,
  appealOf,
  assign,
  claimCase,
  day,
  decide,
  deliver,
  eventsOf,
  newCase,
  newSealingKey,
  notify,
  readyCase,
  recallsOf,
  sanctionOf,
  signClaim,
  startAppealRegistry,
  takeWithKey,
} from './appeals-harness.ts';
import { resultOf, askNew, subject } from './checks-fixture.ts';
import { problem } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const refusedAs = async (run: Promise<unknown>): Promise<string | undefined> => {
  try {
    await run;
  } catch (error) {
    return (error as { issues?: { code: string }[] }).issues?.[0]?.code;
  }
  return 'opened';
};

describe('opening', () => {
  test('disputed, and everyone told is told; checks answer on, and say so', async () => {
    const { harbour, tubely } = registry.parties;
    const theCase = await newCase(registry);
    const appeal = await appealCase(registry, theCase);
    const record = await sanctionOf(registry, theCase.sanction);
    expect(record).toMatchObject({ state: 'visible', disputed: true, version: 2 });
    expect(await eventsOf(registry, { ...theCase, party: tubely.id })).toEqual([
      'sanction-disputed',
    ]);
    expect(await eventsOf(registry, { ...theCase, party: harbour.id })).toEqual([
      'sanction-disputed',
      'appeal-opened',
    ]);
    const { matches } = resultOf(await askNew(registry, tubely, [theCase.tokens[0]!])) as {
      matches: { disputed: boolean; version: number }[];
    };
    expect(matches).toMatchObject([{ disputed: true, version: 2 }]);
    expect(await recallsOf(registry, theCase.sanction)).toEqual([]);
    expect(await appealOf(registry, appeal.id)).toMatchObject({ state: 'open', claims: [] });
  });

  test('keeps a held record held, and it runs on once the appeal is closed', async () => {
    const theCase = await newCase(registry, { ...spam(), told: [] });
    registry.advance(2 * day);
    const { id: appeal } = await appealCase(registry, theCase);
    // Its hold would have ended on Monday at noon.
    registry.advance(4 * day);
    expect((await sanctionOf(registry, theCase.sanction)).state).toBe('held');
    expect(await answers(registry, theCase.tokens[0]!)).toBe(false);
    const { key: by } = await claimCase(registry, registry.parties.panel[0], appeal);
    const dismissed = { outcome: 'dismissed' } as const;
    resultOf(await decide(registry, { ...theCase, appeal, by, decision: dismissed }));
    registry.advance(1);
    expect(await answers(registry, theCase.tokens[0]!)).toBe(true);
  });

  test('keeps a record held whose notice comes after it', async () => {
    const theCase = await newCase(registry, { ...spam(), told: [], notify: false });
    await appealCase(registry, theCase);
    await notify(registry, { sanction: theCase.sanction });
    registry.advance(5 * day);
    expect((await sanctionOf(registry, theCase.sanction)).state).toBe('held');
  });

  test('one open at a time; after a decision a later one 90 d on', async () => {
    const ready = await readyCase(registry);
    expect(await refusedAs(appealCase(registry, ready))).toBe('already-open');
    const by = ready.reviewers[0]!.key;
    resultOf(await decide(registry, { ...ready, by, decision: { outcome: 'upheld' } }));
    registry.advance(89 * day);
    expect(await refusedAs(appealCase(registry, ready))).toBe('too-soon');
    registry.advance(2 * day);
    const later = await appealCase(registry, ready, { news: 'The court has found who did it.' });
    // Another reviewer.
    expect(problem(await assign(registry, by))).toEqual(['not-found']);
    await claimCase(registry, registry.parties.panel[1], later.id);
  });

  test('until 180 d after the end, and not of what was reversed', async () => {
    const theCase = await newCase(registry);
    const { expiresAt } = await sanctionOf(registry, theCase.sanction);
    advanceTo(registry, expiresAt, 179 * day);
    await appealCase(registry, theCase);
    const late = await newCase(registry);
    const { expiresAt: end } = await sanctionOf(registry, late.sanction);
    advanceTo(registry, end, 184 * day);
    expect(await refusedAs(appealCase(registry, late))).toBe('window-closed');
  });
});

describe('from assignment to decision', () => {
  test('a reviewer reads the case, asks, gets evidence, and decides', async () => {
    const { harbour, panel } = registry.parties;
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase, { ground: 'facts-wrong' });
    const reviewer = await claimCase(registry, panel[0], appeal);
    expect(await eventsOf(registry, { ...theCase, party: harbour.id })).toContain(
      'evidence-requested',
    );
    const { claims, evidenceDueAt } = await appealOf(registry, appeal);
    expect(claims).toHaveLength(1);
    expect(Date.parse(evidenceDueAt)).toBeGreaterThan(registry.now().getTime() + 6.9 * day * 1000);
    resultOf(await deliver(registry, { appeal, to: [reviewer] }));
    expect((await appealOf(registry, appeal)).evidenceDueAt).toBeUndefined();
    const opened = resultOf(
      await registry.call(panel[0], 'evidence.open', { appeal, item: 0 }),
    ) as { class: string; jwe: { recipients: unknown[] } };
    expect(opened.class).toBe('captured-artefact');
    expect(opened.jwe.recipients).toHaveLength(1);
    const read = resultOf(await registry.call(panel[0], 'review.get', { appeal }));
    expect(read).toMatchObject({
      words: 'I only shared a screenshot of it.',
      account: 'Hosted a copy of a bank login page.',
      reviewers: 1,
      onEnded: false,
    });
    resultOf(
      await decide(registry, {
        by: panel[0],
        sanction: theCase.sanction,
        appeal,
        decision: { outcome: 'reversed', cause: 'error' },
      }),
    );
    expect(await sanctionOf(registry, theCase.sanction)).toMatchObject({
      state: 'reversed',
      cause: 'error',
      disputed: false,
    });
    expect(await recallsOf(registry, theCase.sanction)).toMatchObject([
      { kind: 'undo', party: registry.parties.tubely.id },
    ]);
  });

  test('the words of creator and submitter are for trust keys and the reviewer', async () => {
    const { harbour, tubely, panel } = registry.parties;
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase);
    const stand = { text: 'We stand by it: see the order of the logs.' };
    expect((await registry.call(harbour.trust, 'appeals.respond', { appeal, stand })).status).toBe(
      200,
    );
    expect(
      problem(await registry.call(harbour.trust, 'appeals.respond', { appeal, stand })),
    ).toEqual(['state-conflict', 'already-responded']);
    const asService = await appealOf(registry, appeal, harbour.service);
    expect([asService.words, asService.response.text]).toEqual([undefined, undefined]);
    const asTrust = await appealOf(registry, appeal);
    expect([asTrust.words, asTrust.response.text]).toEqual([
      'I only shared a screenshot of it.',
      stand.text,
    ]);
    for (const key of [tubely.trust, harbour.trust, panel[0]]) {
      const answer = await registry.call(key, 'review.get', { appeal });
      expect(answer.status).toBe(key.role === 'reviewer' ? 404 : 403);
    }
    expect((await registry.call(tubely.trust, 'appeals.get', { appeal })).status).toBe(404);
    expect((await registry.call(tubely.trust, 'appeals.respond', { appeal, stand })).status).toBe(
      404,
    );
  });

  test('only an assigned case is taken, by the own key, with a fresh key on the curve, for this registry', async () => {
    const { panel } = registry.parties;
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase);
    expect(problem((await takeWithKey(registry, panel[0], appeal)).answer)).toEqual(['not-found']);
    resultOf(await assign(registry, panel[0]));
    expect(problem((await takeWithKey(registry, panel[1], appeal)).answer)).toEqual(['not-found']);
    const key = await newSealingKey();
    const send = async (changes: Partial<Parameters<typeof signClaim>[1]>) =>
      problem(
        await registry.call(panel[0], 'review.claim', {
          claim: await signClaim(registry, { by: panel[0], appeal, key, ...changes }),
        }),
      );
    expect(await send({ by: panel[1] })).toEqual(['invalid-input', 'not-own-key']);
    expect(await send({ aud: 'https://other.test' })).toEqual([
      'invalid-input',
      'another-registry',
    ]);
    expect(await send({ key: { ...key, x: random32() } })).toEqual([
      'invalid-input',
      'key-invalid',
    ]);
    expect(await send({})).toEqual(['200']);
    expect(await send({ key: await newSealingKey() })).toEqual(['state-conflict', 'already-keyed']);
    const other = await newCase(registry);
    const second = await appealCase(registry, other);
    resultOf(await assign(registry, panel[0]));
    expect(await send({ appeal: second.id })).toEqual(['invalid-input', 'not-fresh']);
  });

  test('conceded by the submitter: a reversal, and on an ended record a finding', async () => {
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase);
    const answer = await concede(theCase.sanction, appeal);
    expect(resultOf(answer)).toMatchObject({ state: 'conceded', recalls: 1 });
    expect(await sanctionOf(registry, theCase.sanction)).toMatchObject({
      state: 'reversed',
      cause: 'conceded',
    });
    const expired = await newCase(registry, { statement: soon() });
    registry.advance(4 * day);
    const late = await appealCase(registry, expired);
    expect(resultOf(await concede(expired.sanction, late.id))).toMatchObject({
      state: 'conceded',
      recalls: 1,
    });
    const { state, history } = await sanctionOf(registry, expired.sanction);
    expect(state).toBe('expired');
    expect(history.at(-1)).toMatchObject({ event: 'finding', cause: 'conceded' });
    const other = await newCase(registry);
    const third = await appealCase(registry, other);
    expect(problem(await concede(theCase.sanction, third.id))).toEqual([
      'invalid-input',
      'another-sanction',
    ]);
  });
});

const soon = () => ({ exp: Math.floor(registry.now().getTime() / 1000) + 3 * day });
const spam = () => ({
  statement: {
    reason: 'network.bulk-spam' as const,
    evidence: [{ class: 'volume-logs' as const, commitment: random32() }],
    exp: Math.floor(registry.now().getTime() / 1000) + 60 * day,
  },
  subjects: [subject('domain'), subject('email')],
});

async function concede(sanction: string, appeal: string) {
  const { harbour } = registry.parties;
  const withdrawal = await signCompact(harbour.trust.signer, 'recourse-withdrawal+jwt', {
    iss: harbour.id,
    aud: registry.services.origin,
    sub: sanction,
    cause: 'error',
    iat: toNumericDate(registry.now()),
  });
  return registry.call(harbour.trust, 'appeals.respond', {
    appeal: appeal as `apl_${string}`,
    concede: withdrawal,
  });
}
