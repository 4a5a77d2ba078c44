import { toNumericDate, type OpInput, type OpOutput, type Outcome } from '@recourse/protocol';
import { testOrigin, type TestAnswer, type TestKey, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ask, list, openCheck, resultOf, startCheckRegistry, subject } from './checks-fixture.ts';

let registry: TestRegistry;
let listed: string;
beforeAll(async () => {
  registry = await startCheckRegistry();
  const creator = subject('domain');
  await list(registry, registry.parties.harbour, { subjects: [creator] });
  listed = creator.token!;
});
afterAll(() => registry.close());

const problem = (code: string) => ({ body: { type: `${testOrigin}/problems/${code}` } });
const minutes = 60;
const days = 24 * 60 * minutes;

type MatchId = `mat_${string}`;
let match: MatchId;
beforeEach(async () => {
  match = await told();
});

async function told(): Promise<MatchId> {
  const { tubely } = registry.parties;
  const check = await openCheck(registry, tubely);
  const answer = await ask(registry, tubely, { check, tokens: [listed] });
  const [told] = (resultOf(answer) as OpOutput<'checks.match'>).matches;
  if (!told) throw new Error('no match');
  return told.match;
}

type Report = OpInput<'checks.report'>['outcomes'][number];

const report = (
  outcomes: Report[],
  by: TestKey = registry.parties.tubely.trust,
): Promise<TestAnswer> => registry.call(by, 'checks.report', { outcomes });

/** An outcome with a review and a notice of this second. */
const reviewed = (outcome: Outcome): Report => {
  const now = toNumericDate(registry.now());
  return { match, outcome, reviewedAt: now, noticeSentAt: now };
};

const row = () =>
  registry.db.selectFrom('matches').selectAll().where('id', '=', match).executeTakeFirstOrThrow();

describe.each(['refused', 'admitted-with-safeguards'] as const)('%s', (outcome) => {
  test('is recorded with its review and notice, and kept with the case', async () => {
    registry.advance(11 * minutes);
    expect(resultOf(await report([reviewed(outcome)]))).toEqual({ recorded: 1 });
    expect(await row()).toMatchObject({ outcome, reviewed_at: expect.any(Date) });
    const calls = await registry.db.selectFrom('kept_calls').select('sealed').execute();
    expect(calls.length).toBeGreaterThan(0);
  });

  test('needs ten minutes, a notice and a trust key', async () => {
    expect(await report([reviewed(outcome)])).toMatchObject({
      status: 422,
      body: { issues: [{ path: 'outcomes.0.reviewedAt', code: 'too-early' }] },
    });
    registry.advance(11 * minutes);
    const { noticeSentAt: _, ...unnoticed } = reviewed(outcome);
    expect(await report([unnoticed])).toMatchObject(problem('notice-required'));
    const { service } = registry.parties.tubely;
    expect(await report([reviewed(outcome)], service)).toMatchObject(problem('role-not-allowed'));
    expect((await row()).outcome).toBeNull();
  });
});

describe('an outcome', () => {
  test('of another platform’s match reads like one that never was', async () => {
    const { harbour } = registry.parties;
    const others = await report([{ match, outcome: 'admitted' }], harbour.trust);
    const never = await report([{ match: `mat_${'0'.repeat(26)}`, outcome: 'admitted' }]);
    expect(others).toMatchObject({ status: 404, ...problem('not-found') });
    expect(others.raw.body).toBe(never.raw.body);
  });

  test('is final, and the same again is no second one', async () => {
    const { service } = registry.parties.tubely;
    const admitted = { match, outcome: 'admitted' as const };
    expect((await report([admitted], service)).status).toBe(200);
    const first = await row();
    registry.advance(11 * minutes);
    expect((await report([admitted], service)).status).toBe(200);
    expect(await row()).toEqual(first);
    expect(await report([reviewed('refused')])).toMatchObject({
      status: 409,
      ...problem('state-conflict'),
    });
    expect(await row()).toEqual(first);
  });

  test('is recorded with all others of its report, or with none', async () => {
    const other = await told();
    const answer = await report([
      { match: other, outcome: 'admitted' },
      { match, outcome: 'refused' },
    ]);
    expect(answer.status).toBe(422);
    const rows = await registry.db
      .selectFrom('matches')
      .select('outcome')
      .where('id', 'in', [match, other])
      .execute();
    expect(rows).toEqual([{ outcome: null }, { outcome: null }]);
    const twice = await report([
      { match, outcome: 'pending' },
      { match, outcome: 'admitted' },
    ]);
    expect(twice).toMatchObject(problem('invalid-input'));
  });

  test('is pending for seven days', async () => {
    expect((await report([{ match, outcome: 'pending' }])).status).toBe(200);
    registry.advance(7 * days + 1);
    expect(await report([{ match, outcome: 'pending' }])).toMatchObject(problem('state-conflict'));
  });
});

test('owed lists own matches without a final outcome, the oldest first, page by page', async () => {
  const { tubely, harbour } = registry.parties;
  await report([{ match, outcome: 'pending' }]);
  await report([{ match: await told(), outcome: 'admitted' }]);
  const latest = await told();
  const all: OpOutput<'checks.owed'>['owed'] = [];
  let cursor: string | undefined;
  do {
    const input = { limit: 2, ...(cursor === undefined ? {} : { cursor }) };
    const page = resultOf(
      await registry.call(tubely.service, 'checks.owed', input),
    ) as OpOutput<'checks.owed'>;
    expect(page.owed.length).toBeLessThanOrEqual(2);
    all.push(...page.owed);
    cursor = page.next;
  } while (cursor !== undefined);
  const open = await registry.db
    .selectFrom('matches')
    .select(['id', 'advice'])
    .where((where) => where.or([where('outcome', 'is', null), where('outcome', '=', 'pending')]))
    .orderBy('told_at')
    .execute();
  expect(all.map(({ match: id, advice }) => ({ id, advice }))).toEqual(open);
  expect(all.slice(-2)).toMatchObject([{ match, outcome: 'pending' }, { match: latest }]);
  expect(all.at(-1)?.outcome).toBeUndefined();
  const others = await registry.call(harbour.service, 'checks.owed', {});
  expect(resultOf(others)).toEqual({ owed: [] });
  const made = await registry.call(tubely.service, 'checks.owed', { cursor: 'made-up' });
  expect(made).toMatchObject(problem('invalid-input'));
});

describe('what the service role cannot write, whatever its code says', () => {
  const forged = async (change: object) => ({
    ...(await row()),
    id: match.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    check_id: await openCheck(registry, registry.parties.tubely),
    ...change,
  });
  const insert = async (change: object): Promise<unknown> =>
    registry.db
      .insertInto('matches')
      .values(await forged(change))
      .execute();
  const update = (change: object): Promise<unknown> =>
    registry.db.updateTable('matches').set(change).where('id', '=', match).execute();
  const code = (value: string) => ({ code: value });
  const after = async (seconds: number): Promise<Date> =>
    new Date((await row()).told_at.getTime() + seconds * 1000);

  test('a match without the disclosure a recall is owed for', async () => {
    await expect(insert({ version: 2 })).rejects.toMatchObject(code('23503'));
    await expect(insert({ party: registry.parties.market.id })).rejects.toMatchObject(
      code('23503'),
    );
    await expect(insert({})).resolves.toBeDefined();
  });

  test('a refusal without a review, without a notice, too early or ahead of its report', async () => {
    const [early, good, reported, late] = [
      await after(599),
      await after(600),
      await after(700),
      await after(701),
    ];
    const base = { outcome: 'refused', outcome_at: reported };
    for (const change of [
      {},
      { reviewed_at: good },
      { notice_sent_at: good },
      { reviewed_at: early, notice_sent_at: good },
      { reviewed_at: late, notice_sent_at: good },
      { reviewed_at: good, notice_sent_at: late },
      { reviewed_at: good, notice_sent_at: good, outcome_at: null },
    ]) {
      await expect(update({ ...base, ...change })).rejects.toMatchObject(code('23514'));
    }
    await update({ ...base, reviewed_at: good, notice_sent_at: good });
  });

  test('an outcome that is none', async () => {
    await expect(update({ outcome: 'banned' })).rejects.toMatchObject(code('23514'));
  });

  test('who was told, when and of what', async () => {
    for (const change of [
      { told_at: new Date(0) },
      { party: registry.parties.market.id },
      { version: 9 },
      { sanction: 'snc_x' },
    ]) {
      await expect(update(change)).rejects.toMatchObject(code('42501'));
    }
    for (const table of ['matches', 'disclosures'] as const) {
      await expect(registry.db.deleteFrom(table).execute()).rejects.toMatchObject(code('42501'));
    }
    await expect(
      registry.db.updateTable('disclosures').set({ version: 9 }).execute(),
    ).rejects.toMatchObject(code('42501'));
  });
});
