import { type SealingKey } from '@recourse/protocol';
import { random32, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  appealCase,
  appealOf,
  claimCase,
  day,
  deliver,
  newCase,
  newSealingKey,
  seal,
  startAppealRegistry,
  type Reviewer,
} from './appeals-harness.ts';
import { askNew, resultOf } from './checks-fixture.ts';
import { problem } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterAll(() => registry.close());

const twoItems = () => ({
  statement: {
    evidence: [
      { class: 'captured-artefact' as const, commitment: random32() },
      { class: 'captured-artefact' as const, commitment: random32() },
    ],
  },
});

const threat = () => ({
  reason: 'abuse.threat' as const,
  evidence: [1, 2].map(() => ({ class: 'review-memo' as const, commitment: random32() })),
});

async function taken(ground: 'facts-wrong' | 'expression' = 'facts-wrong') {
  // Two reviewers decide the one next to speech.
  const submission = twoItems();
  const theCase = await newCase(registry, {
    ...submission,
    statement: { ...submission.statement, ...(ground === 'expression' ? threat() : {}) },
  });
  const { id: appeal } = await appealCase(registry, theCase, { ground });
  const reviewer = await claimCase(registry, registry.parties.panel[0], appeal);
  return { ...theCase, appeal, reviewer };
}

const delivered = async (appeal: string) =>
  (await appealOf(registry, appeal)).evidence.map(
    (item: { delivered: boolean; rejected?: string }) => item.rejected ?? item.delivered,
  );

describe('delivery', () => {
  test('is by the submitter, of an item of the statement, sealed to exactly the reviewers on the case', async () => {
    const { appeal, reviewer } = await taken();
    const { tubely } = registry.parties;
    const to = [reviewer];
    expect(problem(await deliver(registry, { appeal, to, key: tubely.service }))).toEqual([
      'not-found',
    ]);
    expect(problem(await deliver(registry, { appeal, to, item: 2 }))).toEqual([
      'invalid-input',
      'no-such-item',
    ]);
    const stranger: Reviewer = { ...reviewer, sealing: await newSealingKey() };
    for (const others of [[stranger], [reviewer, stranger], [reviewer, reviewer]]) {
      expect(problem(await deliver(registry, { appeal, to: others }))).toEqual([
        'state-conflict',
        'claims-changed',
      ]);
    }
    expect(resultOf(await deliver(registry, { appeal, to }))).toEqual({
      appeal,
      received: 1,
      missing: [1],
      serves: 1,
    });
    expect((await appealOf(registry, appeal)).evidenceDueAt).toBeDefined();
    expect(resultOf(await deliver(registry, { appeal, to, item: 1 }))).toMatchObject({
      received: 2,
      missing: [],
    });
    expect((await appealOf(registry, appeal)).evidenceDueAt).toBeUndefined();
  });

  test('nobody is sealed to before a reviewer has a key', async () => {
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase);
    const nobody: SealingKey = await newSealingKey();
    const jwe = await seal([nobody]);
    const answer = await registry.call(registry.parties.harbour.service, 'evidence.deliver', {
      appeal,
      item: 0,
      jwe,
    });
    expect(problem(answer)).toEqual(['state-conflict', 'claims-changed']);
    await claimCase(registry, registry.parties.panel[1], appeal);
  });

  test('compressed payloads and other encryptions are refused', async () => {
    const { appeal, reviewer } = await taken();
    const jwe = await seal([reviewer.sealing]);
    const headers = ['{"enc":"A256GCM","zip":"DEF"}', '{"enc":"A128CBC-HS256"}', '[]', 'x'];
    for (const header of headers) {
      const answer = await registry.call(registry.parties.harbour.service, 'evidence.deliver', {
        appeal,
        item: 0,
        jwe: { ...jwe, protected: Buffer.from(header).toString('base64url') },
      });
      expect(problem(answer)).toEqual(['invalid-input', 'unknown-encryption']);
    }
  });

  test('is stored sealed, and kept with no call', async () => {
    const { appeal, reviewer, sanction } = await taken();
    const before = await keptCalls(sanction);
    resultOf(await deliver(registry, { appeal, to: [reviewer] }));
    expect(await keptCalls(sanction)).toBe(before);
    const [row] = await registry.db
      .selectFrom('deliveries')
      .selectAll()
      .where('review', '=', appeal)
      .execute();
    expect(Buffer.from(row!.sealed!).toString('latin1')).not.toContain('ciphertext');
  });

  test('what is delivered again takes the place of what was there, until it was confirmed', async () => {
    const { appeal, reviewer } = await taken();
    const to = [reviewer];
    for (const item of [0, 1, 0]) resultOf(await deliver(registry, { appeal, to, item }));
    const rows = await registry.db
      .selectFrom('deliveries')
      .select(['item', 'round', 'sealed'])
      .where('review', '=', appeal)
      .orderBy('item')
      .orderBy('round')
      .execute();
    expect(rows.map(({ item, round, sealed }) => [item, round, sealed !== null])).toEqual([
      [0, 0, false],
      [0, 1, true],
      [1, 0, true],
    ]);
    resultOf(await registry.call(reviewer.key, 'evidence.confirm', { appeal }));
    expect(problem(await deliver(registry, { appeal, to }))).toEqual([
      'state-conflict',
      'confirmed',
    ]);
  });
});

describe('a second reviewer', () => {
  test('is sealed to as well: what only the first can open is owed once more', async () => {
    const { appeal, reviewer } = await taken('expression');
    for (const item of [0, 1]) resultOf(await deliver(registry, { appeal, to: [reviewer], item }));
    resultOf(await registry.call(reviewer.key, 'evidence.confirm', { appeal }));
    const second = await claimCase(registry, registry.parties.panel[1], appeal);
    expect(await delivered(appeal)).toEqual([false, false]);
    // Confirmed by the first, who opened it; the second has opened nothing.
    const read = await registry.call(second.key, 'review.get', { appeal });
    expect(read.body.result.confirmedAt).toBeUndefined();
    const { evidenceDueAt } = await appealOf(registry, appeal);
    expect(Date.parse(evidenceDueAt)).toBeGreaterThan(registry.now().getTime() + 1.9 * day * 1000);
    expect(problem(await registry.call(second.key, 'evidence.open', { appeal, item: 0 }))).toEqual([
      'not-found',
    ]);
    expect(problem(await registry.call(second.key, 'evidence.confirm', { appeal }))).toEqual([
      'state-conflict',
      'not-delivered',
    ]);
    for (const item of [0, 1]) {
      resultOf(await deliver(registry, { appeal, to: [second, reviewer], item }));
    }
    for (const { key } of [reviewer, second]) {
      resultOf(await registry.call(key, 'evidence.open', { appeal, item: 1 }));
    }
    expect(await delivered(appeal)).toEqual([true, true]);
  });

  test('given back by one, what the other can open is all', async () => {
    const { appeal, reviewer } = await taken('expression');
    for (const item of [0, 1]) resultOf(await deliver(registry, { appeal, to: [reviewer], item }));
    const second = await claimCase(registry, registry.parties.panel[1], appeal);
    resultOf(await registry.call(second.key, 'review.recuse', { appeal, why: 'workload' }));
    expect(await delivered(appeal)).toEqual([true, true]);
    expect((await appealOf(registry, appeal)).evidenceDueAt).toBeUndefined();
  });
});

describe('a lost assignment', () => {
  test('gives the submitter a new 7 d, and nothing is due meanwhile', async () => {
    const { appeal, reviewer } = await taken();
    registry.advance(3 * day);
    resultOf(await registry.call(reviewer.key, 'review.recuse', { appeal, why: 'language' }));
    expect((await appealOf(registry, appeal)).evidenceDueAt).toBeUndefined();
    registry.advance(day);
    await claimCase(registry, registry.parties.panel[1], appeal);
    const { evidenceDueAt } = await appealOf(registry, appeal);
    expect(Date.parse(evidenceDueAt)).toBeGreaterThan(registry.now().getTime() + 6.9 * day * 1000);
    expect(problem(await registry.call(reviewer.key, 'review.get', { appeal }))).toEqual([
      'not-found',
    ]);
  });
});

describe('confirmed and rejected', () => {
  test('the reason is withheld until evidence was delivered and confirmed, where the code protects nobody', async () => {
    const theCase = await newCase(registry, {
      statement: {
        reason: 'fraud.payment',
        evidence: [{ class: 'payment-records', commitment: random32() }],
      },
      told: [],
    });
    const { market, harbour } = registry.parties;
    registry.advance(6 * day);
    const { id: appeal } = await appealCase(registry, theCase, { ground: 'not-me' });
    const reviewer = await claimCase(registry, registry.parties.panel[0], appeal);
    const seen = async () => {
      const answer = resultOf(await askNew(registry, market, [theCase.tokens[0]!])) as {
        advice: string;
        matches: { statement?: string }[];
      };
      return [answer.advice, answer.matches[0]?.statement !== undefined];
    };
    expect(await seen()).toEqual(['verify-identity', false]);
    resultOf(await deliver(registry, { appeal, to: [reviewer] }));
    expect(await seen()).toEqual(['verify-identity', false]);
    resultOf(await registry.call(reviewer.key, 'evidence.confirm', { appeal }));
    expect(await seen()).toEqual(['review', true]);
    expect(harbour.id).not.toBe(market.id);
  });

  test('what is rejected is destroyed, with 3 d for a fit one, and nothing is confirmed any more', async () => {
    const { appeal, reviewer } = await taken();
    const { key } = reviewer;
    const reject = () =>
      registry.call(key, 'evidence.reject', { appeal, item: 1, why: 'illegal-media' });
    expect(problem(await reject())).toEqual(['state-conflict', 'not-delivered']);
    for (const item of [0, 1]) resultOf(await deliver(registry, { appeal, to: [reviewer], item }));
    resultOf(await registry.call(key, 'evidence.confirm', { appeal }));
    const { evidenceDueAt } = resultOf(await reject()) as { evidenceDueAt: string };
    const due = Date.parse(evidenceDueAt) - registry.now().getTime();
    expect(due).toBeGreaterThan(2.9 * day * 1000);
    expect(due).toBeLessThan(6 * day * 1000);
    expect(await delivered(appeal)).toEqual([true, 'illegal-media']);
    expect(problem(await registry.call(key, 'evidence.open', { appeal, item: 1 }))).toEqual([
      'not-found',
    ]);
    const rows = await registry.db
      .selectFrom('deliveries')
      .select(['sealed', 'rejected_why'])
      .where('review', '=', appeal)
      .where('item', '=', 1)
      .execute();
    expect(rows).toEqual([{ sealed: null, rejected_why: 'illegal-media' }]);
    expect(
      (resultOf(await registry.call(key, 'review.get', { appeal })) as { confirmedAt?: string })
        .confirmedAt,
    ).toBeUndefined();
    resultOf(await deliver(registry, { appeal, to: [reviewer], item: 1 }));
    expect(await delivered(appeal)).toEqual([true, true]);
    expect(
      problem(await registry.call(registry.parties.panel[2], 'evidence.confirm', { appeal })),
    ).toEqual(['not-found']);
  });
});

const keptCalls = async (sanction: string): Promise<number> =>
  (
    await registry.db
      .selectFrom('kept_calls')
      .select('jti')
      .where('sanction', '=', sanction)
      .execute()
  ).length;
