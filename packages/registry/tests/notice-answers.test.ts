import { toNumericDate, type OpOutput, type Subject } from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import { random32, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { startAppealRegistry } from './appeals-harness.ts';
import { ask, askNew, openCheck, resultOf, subject } from './checks-fixture.ts';
import { build, day, sqlState, submit } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const hours = 3600;
const scam = {
  reason: 'fraud.scam',
  evidence: [
    { class: 'victim-report', commitment: random32() },
    { class: 'victim-report', commitment: random32() },
  ],
} as const;

/** A record with two identifiers, of which a notice reached the first alone. */
async function half(
  kinds: readonly [Subject['kind'], Subject['kind']],
  reason: 'fraud.scam' | 'fraud.phishing' = 'fraud.scam',
): Promise<{ sanction: `snc_${string}`; reached: string; other: string }> {
  const subjects = kinds.map((kind) => subject(kind));
  const statement = reason === 'fraud.scam' ? { ...scam, evidence: [...scam.evidence] } : {};
  const { id } = await submit(registry, { subjects, statement });
  const sanction = id as `snc_${string}`;
  await reach(sanction, [0]);
  return { sanction, reached: subjects[0]!.token!, other: subjects[1]!.token! };
}

const reach = (sanction: string, positions: number[]): Promise<string[]> =>
  registry.deliver(sanction, positions);

const advised = async (...tokens: string[]): Promise<string> =>
  (resultOf(await askNew(registry, registry.parties.tubely, tokens)) as OpOutput<'checks.match'>)
    .advice;

describe('each identifier counts by itself', () => {
  test('delivered: review from 72 h after, and never on a day nobody works', async () => {
    const { reached } = await half(['email', 'domain']);
    expect(await advised(reached)).toBe('no-record');
    // From a Wednesday: Saturday is no day to end a hold.
    registry.advance(73 * hours);
    expect(await advised(reached)).toBe('no-record');
    registry.advance(52 * hours);
    expect(await advised(reached)).toBe('review');
  });

  test('beside it: nothing for 14 d, then verify-identity alone, however long', async () => {
    const { other, reached } = await half(['email', 'domain']);
    // At noon of the next working day, where nobody works on that one.
    const from = dueAt(registry.now(), 14 * 24);
    registry.advance(13 * day);
    expect(await advised(other)).toBe('no-record');
    registry.advance((from.getTime() - registry.now().getTime()) / 1000 + 60);
    expect(await advised(other)).toBe('verify-identity');
    registry.advance(200 * day);
    expect(await advised(other)).toBe('verify-identity');
    expect(await advised(other, reached)).toBe('review');
  });

  test('codes that answer now: at once where it was delivered, 72 h beside it', async () => {
    const { other, reached } = await half(['email', 'domain'], 'fraud.phishing');
    expect([await advised(reached), await advised(other)]).toEqual(['review', 'no-record']);
    registry.advance(5 * day + 4 * hours);
    expect(await advised(other)).toBe('verify-identity');
  });

  test('a delivered phone needs a second identifier of the statement, delivered or not', async () => {
    const { other, reached } = await half(['phone', 'email']);
    registry.advance(6 * day);
    expect(await advised(reached)).toBe('verify-identity');
    // It does not answer by itself yet, and says all the same that this is the person.
    expect(await advised(other)).toBe('no-record');
    expect(await advised(reached, other)).toBe('review');
    expect(await advised(reached, random32())).toBe('verify-identity');
  });

  test('a notice that reached only a planted address makes nothing of the victim answer review', async () => {
    const { other, reached } = await half(['email', 'email']);
    for (const days of [6, 9, 60]) {
      registry.advance(days * day);
      // Only its own identifiers are asked for the victim; the planted one is nobody's who signs up.
      expect(await advised(other)).not.toBe('review');
    }
    expect(await advised(reached)).toBe('review');
  });
});

describe('without a review answer', () => {
  async function told(check: string, tokens: string[]): Promise<OpOutput<'checks.match'>> {
    const { tubely } = registry.parties;
    return resultOf(await ask(registry, tubely, { check, tokens })) as OpOutput<'checks.match'>;
  }

  test('refused cannot be reported, until a second answer advises to review', async () => {
    const { tubely } = registry.parties;
    const { reached, other } = await half(['phone', 'email']);
    registry.advance(6 * day);
    const check = await openCheck(registry, tubely);
    const [match] = (await told(check, [reached])).matches;
    registry.advance(11 * 60);
    const report = () => {
      const now = toNumericDate(registry.now());
      const outcome = { match: match!.match, outcome: 'refused' as const };
      const outcomes = [{ ...outcome, reviewedAt: now, noticeSentAt: now }];
      return registry.call(tubely.trust, 'checks.report', { outcomes });
    };
    const refused = await report();
    expect([refused.status, refused.body.issues]).toEqual([
      422,
      [{ path: 'outcomes.0.outcome', code: 'verify-identity-first' }],
    ]);
    const [again] = (await told(check, [reached, other])).matches;
    expect([again!.match, again!.advice]).toEqual([match!.match, 'review']);
    expect((await report()).status).toBe(200);
  });

  test('nor by SQL as the service role', async () => {
    const { reached, sanction } = await half(['phone', 'email']);
    registry.advance(6 * day);
    await told(await openCheck(registry, registry.parties.tubely), [reached]);
    const attack = (statement: string) => sqlState(sql.raw(statement).execute(registry.db));
    const refuse = `update matches set outcome = 'refused', outcome_at = now() + interval '20 years',
      reviewed_at = now() + interval '20 years', notice_sent_at = now() + interval '20 years'
      where sanction = '${sanction}'`;
    expect(await attack(refuse)).toBe('23514');
    await sql
      .raw('alter table matches drop constraint matches_refusal_of_review')
      .execute(registry.ownerDb);
    expect(await attack(refuse)).toBe('accepted');
    // Of a record that no notice reached nobody is told to review.
    await sql
      .raw('alter table subjects disable trigger subjects_undelivery')
      .execute(registry.ownerDb);
    await sql`update subjects set delivered_at = null, review_from = null`.execute(registry.db);
    const advise = `update matches set advice = 'review' where sanction = '${sanction}'`;
    expect(await attack(advise)).toBe('23514');
    await sql.raw('drop trigger matches_advice on matches').execute(registry.ownerDb);
    expect(await attack(advise)).toBe('accepted');
  });
});

describe('the service role, by SQL', () => {
  const attack = (statement: string) => sqlState(sql.raw(statement).execute(registry.db));

  test('shortens no hold', async () => {
    const { sanction } = await half(['email', 'domain']);
    const [of, other] = [`sanction = '${sanction}' and position = 0`, `id = '${sanction}'`];
    const sooner = `update subjects set review_from = delivered_at + interval '71 hours' where ${of}`;
    expect(await attack(sooner)).toBe('23514');
    const now = `update subjects set review_from = delivered_at - interval '1 hour' where ${of}`;
    expect(await attack(now)).toBe('23514');
    const others = `update sanctions set others_from = notified_at + interval '13 days' where ${other}`;
    expect(await attack(others)).toBe('23514');
    await sql.raw('drop trigger subjects_delivery on subjects').execute(registry.ownerDb);
    await sql.raw('drop trigger sanctions_notice on sanctions').execute(registry.ownerDb);
    expect([await attack(sooner), await attack(others)]).toEqual(['accepted', 'accepted']);
    expect(await attack(now)).toBe('23514');
  });

  test('reviews nothing that was not delivered', async () => {
    const { sanction } = await half(['email', 'domain']);
    const where = `where sanction = '${sanction}' and position = 1`;
    expect(await attack(`update subjects set review_from = now() ${where}`)).toBe('23514');
    const early = `update subjects set delivered_at = timestamptz '2020-01-01',
      review_from = timestamptz '2028-01-01' ${where}`;
    expect(await attack(early)).toBe('23514');
  });
});

describe('no notice in time', () => {
  const standing = async () =>
    (
      resultOf(
        await registry.call(registry.parties.harbour.service, 'parties.standing', {}),
      ) as OpOutput<'parties.standing'>
    ).notices;

  test('is withdrawn, and standing says so before and after, whether or not a job ran', async () => {
    const { harbour } = registry.parties;
    const { sanction } = resultOf(
      await registry.call(harbour.service, 'sanctions.submit', await build(registry)),
    ) as { sanction: `snc_${string}` };
    const [due] = (await standing()).due;
    expect(due?.sanction).toBe(sanction);
    registry.advance((Date.parse(due!.at) - registry.now().getTime()) / 1000 + 1);
    const withdrawn = { withdrawn: [{ sanction, at: due!.at }], due: [] };
    expect(await standing()).toEqual(withdrawn);
    await settleDue(registry.services);
    expect(await standing()).toEqual(withdrawn);
  });
});
