import { toNumericDate, type CaseView } from '@recourse/protocol';
import { random32, type TestRegistry } from '@recourse/testkit';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { recordFinding } from '../src/records/appeal-closing.ts';
import {
  answers,
  decide,
  eventsOf,
  newCase,
  readyCase,
  recallsOf,
  startAppealRegistry,
} from './appeals-harness.ts';
import { resultOf, subject } from './checks-fixture.ts';
import {
  answerRecalls,
  confirm,
  confirmAll,
  day,
  fall,
  matchesOf,
  newDerived,
  ownItem,
  ownRecord,
  record,
} from './derived-fixture.ts';
import { act, entriesOf } from './recalls-fixture.ts';
import { problem, sqlState, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => answerRecalls(registry));
afterAll(() => registry.close());

const tubelys = (sanction: string) => ownRecord(registry, registry.parties.tubely, sanction);

const reviewOf = (derived: string) =>
  registry.db
    .selectFrom('derived_reviews')
    .selectAll()
    .where('derived', '=', derived)
    .executeTakeFirst();

/** To so many seconds after an instant. */
const advanceTo = (at: string, past = 2): void =>
  registry.advance((Date.parse(at) - registry.now().getTime()) / 1000 + past);

describe('when the first falls, its derived records get echo-review', () => {
  test('by a withdrawal: clocks, an event, an entry and a line, in the same transaction, and once', async () => {
    const { harbour, tubely } = registry.parties;
    const { source, derived } = await newDerived(registry);
    const entries = (await entriesOf(registry, 'echo-review')).length;
    await fall(registry, source);
    const review = await reviewOf(derived);
    const days = (from: Date, to: Date) => Math.floor((to.getTime() - from.getTime()) / 86_400_000);
    // A deadline on a day nobody works ends on the next working day.
    expect([14, 15, 16]).toContain(days(review!.started_at, review!.due_at));
    expect(await eventsOf(registry, { sanction: derived, party: tubely.id })).toEqual([
      'echo-review',
    ]);
    expect(await eventsOf(registry, { sanction: derived, party: harbour.id })).toEqual([]);
    expect(await entriesOf(registry, 'echo-review')).toHaveLength(entries + 1);
    const { state, history, echoReview } = await tubelys(derived);
    expect(state).toBe('visible');
    expect(history.map(({ event }) => event)).toContain('echo-review');
    expect(echoReview).toBeDefined();
  });

  test('who made the first record reads nothing of the derived record, neither in its answer nor in its openings', async () => {
    const { harbour } = registry.parties;
    const { source, derived } = await newDerived(registry);
    const answer = await withdraw(registry, source);
    expect(answer.raw.body).not.toContain(derived);
    const opened = await registry.db
      .selectFrom('openings')
      .select('party')
      .where('sanction', '=', derived)
      .execute();
    expect(opened.map(({ party }) => party)).not.toContain(harbour.id);
  });

  test('by a reversal and by a finding; not by an expiry', async () => {
    const { tubely, harbour } = registry.parties;
    const reversed = await readyCase(registry, { told: [tubely] });
    registry.advance(60);
    const derived = await record(registry, tubely, [reversed.tokens[0]!]);
    const by = reversed.reviewers[0]!.key;
    const decision = { outcome: 'reversed', cause: 'mistaken-identity' } as const;
    resultOf(await decide(registry, { ...reversed, by, decision }));
    expect(await reviewOf(derived)).toBeDefined();

    const expiring = await newDerived(registry);
    await registry.ownerDb
      .updateTable('sanctions')
      .set({ expires_at: registry.now() })
      .where('id', '=', expiring.source)
      .execute();
    registry.advance(60);
    await settleDue(registry.services);
    expect((await ownRecord(registry, harbour, expiring.source)).state).toBe('expired');
    expect(await reviewOf(expiring.derived)).toBeUndefined();
  });

  test('one that follows a record which fell before is reviewed from the start', async () => {
    const { harbour, tubely } = registry.parties;
    const token = random32();
    const source = await record(registry, harbour, [token]);
    await matchesOf(registry, tubely, [token]);
    await fall(registry, source);
    registry.advance(2 * 3600);
    const derived = await record(registry, tubely, [token]);
    expect(await reviewOf(derived)).toMatchObject({ confirmed_at: null });
  });

  test('a finding after its life is a fall, for those that follow it already and for one that will', async () => {
    const { tubely } = registry.parties;
    const { source, derived, token } = await newDerived(registry);
    await registry.ownerDb
      .updateTable('sanctions')
      .set({ expires_at: registry.now() })
      .where('id', '=', source)
      .execute();
    registry.advance(60);
    await settleDue(registry.services);
    const appeal = 'apl_00000000000000000000000000';
    await act(registry, source, (ctx, row) =>
      recordFinding(ctx, row, { appeal, cause: 'error', at: ctx.now }),
    );
    await answerRecalls(registry);
    expect(await reviewOf(derived)).toMatchObject({ confirmed_at: null });
    registry.advance(2 * 3600);
    const later = await record(registry, tubely, [token]);
    expect(await reviewOf(later)).toMatchObject({ confirmed_at: null });
  });

  test('a derived record that ended gets none, and a second fall starts no second one', async () => {
    const { tubely, market } = registry.parties;
    const ended = await newDerived(registry);
    resultOf(await withdraw(registry, ended.derived, { key: tubely.trust }));
    await fall(registry, ended.source);
    expect(await reviewOf(ended.derived)).toBeUndefined();

    const { source, token, derived } = await newDerived(registry);
    await record(registry, market, [token]);
    await matchesOf(registry, tubely, [token]);
    await fall(registry, source);
    const first = await reviewOf(derived);
    registry.advance(day);
    resultOf(await withdraw(registry, derived, { key: tubely.trust }));
    expect(await reviewOf(derived)).toEqual(first);
  });
});

describe('neither confirmed nor withdrawn', () => {
  test('in 14 d it is suspended, right when read with every job stopped, then written with its recalls, and not ended', async () => {
    const { market } = registry.parties;
    const { source, derived, token } = await newDerived(registry);
    await matchesOf(registry, market, [token]);
    await fall(registry, source);
    const { dueAt } = (await tubelys(derived)).echoReview!;
    advanceTo(dueAt, -60);
    expect(await answers(registry, token)).toBe(true);
    advanceTo(dueAt);
    expect(await answers(registry, token)).toBe(false);
    const suspended = { state: 'suspended', suspendedFor: ['echo-overdue'] };
    expect(await tubelys(derived)).toMatchObject({ ...suspended, version: 1 });
    registry.advance(60 * day);
    expect(await tubelys(derived)).toMatchObject(suspended);

    await settleDue(registry.services);
    await settleDue(registry.services);
    const { history, ...still } = await tubelys(derived);
    expect(still).toMatchObject({ ...suspended, version: 2 });
    expect(history.slice(-2).map(({ event, cause }) => [event, cause])).toEqual([
      ['echo-review', undefined],
      ['suspended', 'echo-overdue'],
    ]);
    const recalls = (await recallsOf(registry, derived)).map(({ kind, party }) => [kind, party]);
    expect(recalls).toEqual([['pause', market.id]]);
  });

  test('a record derived from a derived record is reviewed when that one ends', async () => {
    const { market } = registry.parties;
    const { source, derived, token } = await newDerived(registry);
    await fall(registry, source);
    await matchesOf(registry, market, [token]);
    const second = await record(registry, market, [token]);
    // It follows the derived record alone: of the first record its platform was never told.
    expect(await reviewOf(second)).toBeUndefined();
    resultOf(await withdraw(registry, derived, { key: registry.parties.tubely.trust }));
    expect(await reviewOf(second)).toBeDefined();
  });
});

describe('confirmed with own evidence', () => {
  test('it goes on, is told to have answered again, stays a derived record, and is reviewed no more', async () => {
    const { market } = registry.parties;
    const { source, derived, token } = await newDerived(registry);
    await matchesOf(registry, market, [token]);
    await fall(registry, source);
    advanceTo((await tubelys(derived)).echoReview!.dueAt);
    await settleDue(registry.services);
    expect(resultOf(await confirm(registry, derived))).toMatchObject({
      confirmed: [{ state: 'visible', version: 3 }],
    });
    const [shown] = await matchesOf(registry, market, [token]);
    expect(shown).toMatchObject({ sanction: derived, priorMatch: true, corroboration: 'none' });
    expect((await recallsOf(registry, derived)).map(({ kind }) => kind)).toEqual([
      'pause',
      'correct',
    ]);
    expect((await entriesOf(registry, 'echo-confirmed')).length).toBeGreaterThan(0);
    registry.advance(40 * day);
    expect(await tubelys(derived)).toMatchObject({ state: 'visible', suspendedFor: [] });
    expect(problem(await confirm(registry, derived))).toEqual([
      'state-conflict',
      'not-under-review',
    ]);
  });

  test('by its own platform, a trust key, and for this registry', async () => {
    const { harbour, tubely } = registry.parties;
    const { source, derived } = await newDerived(registry);
    expect(problem(await confirm(registry, derived))).toEqual([
      'state-conflict',
      'not-under-review',
    ]);
    await fall(registry, source);
    expect(problem(await confirm(registry, derived, { by: harbour }))).toEqual(['not-found']);
    const as = { ...tubely, trust: tubely.service };
    expect(problem(await confirm(registry, derived, { by: as }))).toEqual(['role-not-allowed']);
    const claims = { aud: 'https://elsewhere.example' };
    expect(problem(await confirm(registry, derived, { claims }))).toEqual([
      'invalid-input',
      'another-registry',
    ]);
  });

  test('on evidence that it collected itself, before it was told or after, and that proves the act alone', async () => {
    const { source, derived, toldAt } = await newDerived(registry);
    const { statement } = await ownRecord(registry, registry.parties.harbour, source);
    const { evidence } = JSON.parse(Buffer.from(statement.split('.')[1]!, 'base64url').toString());
    await fall(registry, source);
    const toldDate = toNumericDate(toldAt);
    const item = (over = {}) => ownItem(registry, over);
    const twice = item();
    for (const [items, code] of [
      [[item({ commitment: evidence[0].commitment })], ['not-independent', 'of-another-record']],
      [[item({ collected_at: toldDate - 60 })], ['invalid-input', 'not-as-based']],
      [[item({ basis: 'independent' })], ['invalid-input', 'not-as-based']],
      [
        [item({ collected_at: toNumericDate(registry.now()) + 60 })],
        ['invalid-input', 'in-the-future'],
      ],
      [
        [twice, twice],
        ['invalid-input', 'duplicate-commitment'],
      ],
      [[item({ class: 'platform-logs' })], ['proof-too-weak', 'below-floor']],
    ] as const) {
      expect(problem(await confirm(registry, derived, { evidence: items }))).toEqual(code);
    }
    const before = item({ basis: 'independent', collected_at: toldDate - 60 });
    expect((await confirm(registry, derived, { evidence: [before] })).status).toBe(200);
  });

  test('late, it answers again; of many in one call all are confirmed, or none', async () => {
    const { market } = registry.parties;
    const pulled: Awaited<ReturnType<typeof newDerived>>[] = [];
    for (let n = 0; n < 3; n++) pulled.push(await newDerived(registry));
    for (const { source } of pulled) await fall(registry, source);
    registry.advance(40 * day);
    await settleDue(registry.services);
    const derived = pulled.map((one) => one.derived);
    const states = async () => Promise.all(derived.map(async (one) => (await tubelys(one)).state));
    expect(await states()).toEqual(['suspended', 'suspended', 'suspended']);
    const { source } = pulled[0]!;
    expect(problem(await confirmAll(registry, [...derived, source]))).toEqual(['not-found']);
    expect(problem(await confirmAll(registry, [derived[0]!, derived[0]!]))).toEqual([
      'invalid-input',
      'duplicate',
    ]);
    expect(await states()).toEqual(['suspended', 'suspended', 'suspended']);
    resultOf(await confirmAll(registry, derived));
    expect(await states()).toEqual(['visible', 'visible', 'visible']);
    const [shown] = await matchesOf(registry, market, [pulled[0]!.token]);
    expect(shown).toMatchObject({ sanction: derived[0] });
  });
});

test('the creator of the derived record sees the review in their case', async () => {
  const { tubely } = registry.parties;
  const first = await newDerived(registry);
  registry.advance(2 * 3600);
  const seconds = toNumericDate(registry.now());
  const theCase = await newCase(registry, {
    by: tubely,
    told: [],
    subjects: [subject('domain', { token: first.token, provenAt: seconds - 3600 })],
    statement: {
      decided_at: seconds - 60,
      incident_from: seconds - 3600,
      incident_to: seconds - 1800,
    },
  });
  const view = async (): Promise<CaseView> => {
    const answer = await registry.caseCall('case.open', { code: theCase.key });
    return answer.body.result.data.case;
  };
  expect((await view()).echoReview).toBeUndefined();
  await fall(registry, first.source);
  expect(await view()).toMatchObject({ echoReview: { startedAt: expect.any(String) } });
  expect((await view()).history.map(({ event }) => event)).toContain('echo-review');
  resultOf(await confirm(registry, theCase.sanction));
  expect((await view()).echoReview?.confirmedAt).toEqual(expect.any(String));
});

describe('the service role, by SQL', () => {
  const refused = (statement: RawBuilder<unknown>): Promise<string> =>
    sqlState(statement.execute(registry.db));
  const checkViolation = '23514';
  const notAllowed = '42501';

  test('no review of what is no derived record, none that is due before it began, and a confirmation stands', async () => {
    const { source, derived: own } = await newDerived(registry);
    const insert = (id: string, days: number) =>
      refused(
        sql`insert into derived_reviews (derived, started_at, due_at)
          values (${id}, now(), now() + ${days} * interval '1 day')`,
      );
    expect(await insert(source, 14)).toBe(checkViolation);
    expect(await insert(own, -1)).toBe(checkViolation);
    await fall(registry, source);
    const confirmedAt = (to: string) =>
      refused(sql`update derived_reviews set confirmed_at = ${sql.raw(to)} where derived = ${own}`);
    expect(await confirmedAt(`started_at - interval '1 second'`)).toBe(checkViolation);
    resultOf(await confirm(registry, own));
    expect(await confirmedAt(`due_at`)).toBe(checkViolation);
    const set = (column: string) =>
      refused(sql`update derived_reviews set ${sql.ref(column)} = null where derived = ${own}`);
    expect(await set('confirmed_at')).toBe(checkViolation);
    expect(await set('due_at')).toBe(notAllowed);
    expect(await refused(sql`delete from derived_records`)).toBe(notAllowed);
  });

  test('what a record follows is said when it is submitted, and never taken back', async () => {
    const { source, derived } = await newDerived(registry);
    for (const [id, value] of [
      [derived, false],
      [source, true],
    ] as const) {
      const set = sql`update sanctions set prior_match = ${value} where id = ${id}`;
      expect(await refused(set)).toBe(checkViolation);
    }
    const link = sql`insert into derived_records (derived, source) values (${source}, ${derived})`;
    expect(await refused(link)).toBe(checkViolation);
  });
});
