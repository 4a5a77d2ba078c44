import type { Id } from '@recourse/protocol';
import { random32, testId, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  answers,
  appealCase,
  assign,
  day,
  eventsOf,
  notify,
  sanctionOf,
  seatAs,
  startAppealRegistry,
} from './appeals-harness.ts';
import { resultOf, subject } from './checks-fixture.ts';
import { build, problem, sqlState } from './sanctions-harness.ts';
import { countDue } from './due-fixture.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

/** A record whose notice two trust holders withhold. */
async function withheld(): Promise<{ sanction: Id<'snc'>; token: string }> {
  const { harbour } = registry.parties;
  const input = await build(registry, {
    statement: {
      reason: 'abuse.doxxing',
      evidence: [
        { class: 'review-memo', commitment: random32() },
        { class: 'victim-report', commitment: random32() },
      ],
      notice: { withheld: 'risk-to-victim' },
    },
    subjects: [subject('domain'), subject('email')],
  });
  const { sanction } = resultOf(await registry.call(harbour.service, 'sanctions.draft', input)) as {
    sanction: Id<'snc'>;
  };
  resultOf(await registry.call(harbour.trust2, 'sanctions.confirm', { sanctions: [sanction] }));
  return { sanction, token: input.tokens[0]!.token };
}

const next = (key: TestKey = registry.parties.panel[0]) => registry.call(key, 'review.notice', {});
const review = (
  sanction: Id<'snc'>,
  confirmed: boolean,
  key: TestKey = registry.parties.panel[0],
) => registry.call(key, 'review.confirmNotice', { sanction, confirmed });
const stateOf = async (record: { sanction: Id<'snc'>; token: string }) => [
  (await sanctionOf(registry, record.sanction)).state,
  await answers(registry, record.token),
];

describe('withheld notice', () => {
  test('stays held, whatever a reviewer says of the ground', async () => {
    const record = await withheld();
    registry.advance(4 * day);
    expect(await stateOf(record)).toEqual(['held', false]);
    expect(resultOf(await next())).toMatchObject({
      sanction: record.sanction,
      ground: 'risk-to-victim',
      account: 'Hosted a copy of a bank login page.',
    });
    resultOf(await review(record.sanction, true));
    registry.advance(9 * day);
    expect(await stateOf(record)).toEqual(['held', false]);
    expect(problem(await next())).toEqual(['not-found']);
    expect(problem(await review(record.sanction, false))).toEqual(['not-found']);
  });

  test('confirmed, it is withheld for 14 d in all: then withdrawn', async () => {
    const record = await withheld();
    resultOf(await review(record.sanction, true));
    registry.advance(14 * day + 60);
    // No job has run.
    expect(await stateOf(record)).toEqual(['withdrawn', false]);
    expect((await sanctionOf(registry, record.sanction)).cause).toBe('no-notice');
    const { failures } = await settleDue(registry.services);
    const remaining = await countDue(registry);
    expect([failures, remaining]).toEqual([[], 0]);
  });

  test('confirmed and then told, it is held like any other', async () => {
    const record = await withheld();
    resultOf(await review(record.sanction, true));
    registry.advance(6 * day);
    await notify(registry, { sanction: record.sanction });
    expect(await stateOf(record)).toEqual(['held', false]);
    registry.advance(10 * day);
    expect(await stateOf(record)).toEqual(['visible', true]);
    await settleDue(registry.services);
    const { history } = await sanctionOf(registry, record.sanction);
    const events = history.map(({ event }: { event: string }) => event);
    expect(events.filter((event: string) => event === 'visible')).toHaveLength(1);
  });

  test('refused, it stays held and notice is owed in 7 d, never later than before', async () => {
    const { harbour } = registry.parties;
    const record = await withheld();
    registry.advance(2 * day);
    resultOf(await review(record.sanction, false));
    expect(await eventsOf(registry, { ...record, party: harbour.id })).toEqual(['notice-owed']);
    expect(await stateOf(record)).toEqual(['held', false]);
    registry.advance(6 * day);
    expect(await stateOf(record)).toEqual(['held', false]);
    registry.advance(4 * day);
    expect((await sanctionOf(registry, record.sanction)).cause).toBe('no-notice');
    const late = await withheld();
    const { noticeDueAt } = await sanctionOf(registry, late.sanction);
    registry.advance(12 * day);
    expect(resultOf(await review(late.sanction, false))).toMatchObject({ noticeDueAt });
  });

  test('assigned, not picked: the longest withheld, and none of another order', async () => {
    const first = await withheld();
    registry.advance(60);
    const second = await withheld();
    expect(problem(await review(second.sanction, true))).toEqual(['not-found']);
    resultOf(await review(first.sanction, false));
    resultOf(await review(second.sanction, true));
  });

  test('by nobody who takes no cases of its code', async () => {
    const { panel } = registry.parties;
    const record = await withheld();
    const opt = (optOut: 'abuse.doxxing'[]) => seatAs(registry, panel[0], { optOut });
    await opt(['abuse.doxxing']);
    expect(problem(await next())).toEqual(['not-found']);
    expect(problem(await review(record.sanction, true))).toEqual(['not-found']);
    await opt([]);
    resultOf(await review(record.sanction, true));
  });

  test('by nobody of its submitter, nobody twice, and whoever confirmed decides no appeal of it', async () => {
    const { harbour, panel } = registry.parties;
    const record = await withheld();
    await registry.db
      .insertInto('affiliations')
      .values({ holder: panel[0].holder, party: harbour.id, until: null })
      .execute();
    expect(problem(await review(record.sanction, true))).toEqual(['not-found']);
    const answered = await Promise.all([
      review(record.sanction, true, panel[1]),
      review(record.sanction, false, panel[2]),
    ]);
    expect(answered.map(({ status }) => status).toSorted()).toEqual([200, 404]);
    const by = answered[0]!.status === 200 ? panel[1] : panel[2];
    const claimant = testId('clm', registry.now());
    await registry.db
      .insertInto('claimants')
      .values({
        id: claimant,
        sanction: record.sanction,
        secret: claimant,
        kind: 'self',
        acts_for: null,
        since: registry.now(),
        left_at: null,
      })
      .execute();
    const [at, way] = [registry.now(), 'handed' as const];
    await registry.db
      .insertInto('claimant_ways')
      .values({ claimant, sanction: record.sanction, way, position: null, at, proven_at: at })
      .execute();
    await appealCase(registry, { sanction: record.sanction, claimant });
    expect(problem(await assign(registry, by))).toEqual(['not-found']);
  });
});

describe('the service role, by SQL', () => {
  const attack = (statement: string): Promise<string> =>
    sqlState(sql.raw(statement).execute(registry.db));
  const asOwner = (statement: string) => sql.raw(statement).execute(registry.ownerDb);
  const insert = (sanction: string, { holder, kid }: TestKey) =>
    `insert into notice_reviews (sanction, holder, kid, confirmed, at)
      values ('${sanction}', '${holder}', '${kid}', true, '${registry.now().toISOString()}')`;

  test('shows nothing before notice, whatever a reviewer said of the ground', async () => {
    const record = await withheld();
    resultOf(await review(record.sanction, true));
    expect(
      await attack(`update sanctions set visible_from = now() where id = '${record.sanction}'`),
    ).toBe('23514');
    expect(await attack(`update notice_reviews set confirmed = false`)).toBe('42501');
  });

  test('confirms nothing by somebody of the submitter', async () => {
    const { harbour, panel } = registry.parties;
    const record = await withheld();
    await registry.db
      .insertInto('affiliations')
      .values({ holder: panel[0].holder, party: harbour.id, until: null })
      .execute();
    expect(await attack(insert(record.sanction, panel[0]))).toBe('42501');
    await asOwner('alter policy notice_reviews_independent on notice_reviews with check (true)');
    expect(await attack(insert(record.sanction, panel[0]))).toBe('accepted');
  });

  test('confirms nothing whose notice is not withheld', async () => {
    const { harbour, panel } = registry.parties;
    const input = await build(registry);
    const { sanction } = resultOf(
      await registry.call(harbour.service, 'sanctions.submit', input),
    ) as { sanction: string };
    expect(await attack(insert(sanction, panel[0]))).toBe('42501');
    await asOwner('alter policy notice_reviews_independent on notice_reviews with check (true)');
    expect(await attack(insert(sanction, panel[0]))).toBe('accepted');
  });
});
