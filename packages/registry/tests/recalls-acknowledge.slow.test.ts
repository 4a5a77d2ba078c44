import { toNumericDate, type OpInput, type OpOutput } from '@recourse/protocol';
import { type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../src/kernel/database.ts';
import { suspend } from '../src/records/transition.ts';
import { resultOf, startCheckRegistry } from './checks-fixture.ts';
import {
  acknowledge,
  act,
  entriesOf,
  minutes,
  recallOf,
  recallsOf,
  refOf,
  tell,
  tellAgain,
} from './recalls-fixture.ts';
import { problem, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const listed = async (
  input: OpInput<'recalls.list'> = {},
  key = registry.parties.tubely.service,
): Promise<OpOutput<'recalls.list'>> =>
  resultOf(await registry.call(key, 'recalls.list', input)) as OpOutput<'recalls.list'>;

const find = async (recall: string, input: OpInput<'recalls.list'> = { limit: 100 }) =>
  (await listed(input)).recalls.find((one) => one.recall === recall);

const refuse = async (match: `mat_${string}`, ref = 'moved-to-case-0002'): Promise<void> => {
  registry.advance(11 * minutes);
  const now = toNumericDate(registry.now());
  resultOf(
    await registry.call(registry.parties.tubely.trust, 'checks.report', {
      outcomes: [{ match, ref, outcome: 'refused', reviewedAt: now, noticeSentAt: now }],
    }),
  );
};

test('a platform finds who is concerned: its own reference, purpose, time and outcome', async () => {
  const { tubely, market } = registry.parties;
  const { sanction, token, matches } = await tell(registry, [tubely, market]);
  const again = await tellAgain(registry, tubely, token);
  await refuse(matches[0]!);
  await withdraw(registry, sanction);
  const mine = (await recallsOf(registry, sanction)).find(({ party }) => party === tubely.id)!;
  const record = await find(mine.id);
  expect(record).toMatchObject({ kind: 'undo', sanction, version: 2 });
  expect(record?.told).toMatchObject([
    { match: matches[0], ref: 'moved-to-case-0002', purpose: 'signup', outcome: 'refused' },
    { match: again, ref: refOf(tubely), purpose: 'signup' },
  ]);
  expect(JSON.stringify(record)).not.toContain(refOf(market));
  expect(
    (await listed({ limit: 100 }, market.service)).recalls.map((recall) => recall.sanction),
  ).toEqual([sanction]);
});

test('open ones, the oldest first, page by page; closed ones when asked for', async () => {
  const first = await recallOf(registry);
  const second = await recallOf(registry);
  await acknowledge(registry, first.recall);
  const pages = async (all: boolean): Promise<string[]> => {
    const ids = [];
    let cursor: string | undefined;
    do {
      const page = await listed({ limit: 1, all, ...(cursor === undefined ? {} : { cursor }) });
      ids.push(...page.recalls.map(({ recall }) => recall));
      cursor = page.next;
    } while (cursor !== undefined);
    return ids;
  };
  const open = await pages(false);
  expect(open).not.toContain(first.recall);
  expect(open.at(-1)).toBe(second.recall);
  expect(open).toEqual(open.toSorted());
  expect(await pages(true)).toContain(first.recall);
  expect(await find(first.recall, { all: true, limit: 100 })).toMatchObject({
    acknowledged: { action: 'undone' },
  });
  expect(
    problem(
      await registry.call(registry.parties.tubely.service, 'recalls.list', { cursor: 'made-up' }),
    ),
  ).toEqual(['invalid-input', 'unknown']);
});

test('the signed call is the acknowledgement: its hash is in the ledger, its bytes with the case', async () => {
  const { recall, sanction } = await recallOf(registry);
  const answer = await acknowledge(registry, recall, { copies: 'kept' });
  const result = resultOf(answer) as OpOutput<'recalls.acknowledge'>;
  expect(result).toMatchObject({ recall, checksStopped: false });
  expect(result.open).toBe((await listed({ limit: 100 })).recalls.length);
  const row = await registry.db
    .selectFrom('acknowledgements')
    .selectAll()
    .where('recall', '=', recall)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({
    action: 'undone',
    copies: 'kept',
    party: registry.parties.tubely.id,
  });
  expect((await entriesOf(registry, 'recall-acknowledged')).at(-1)).toMatchObject({ ack: row.ack });
  const audited = await registry.db
    .selectFrom('audited_calls')
    .select('req')
    .where('jti', '=', row.jti)
    .executeTakeFirstOrThrow();
  expect(row.ack).toBe(audited.req);
  const calls = await registry.db
    .selectFrom('kept_calls')
    .select('jti')
    .where('sanction', '=', sanction)
    .execute();
  expect(calls.map(({ jti }) => jti)).toContain(row.jti);
});

test('it is acknowledged once, and a repeated call gets the first answer', async () => {
  const { tubely } = registry.parties;
  const { recall } = await recallOf(registry);
  const compact = await registry.sign(tubely.service, {
    op: 'recalls.acknowledge',
    in: { recall, action: 'undone', copies: 'deleted' },
  });
  const [first, second] = await Promise.all([
    registry.send('recalls.acknowledge', compact),
    registry.send('recalls.acknowledge', compact, registry.anotherServer()),
  ]);
  expect(first.raw).toEqual(second.raw);
  expect(first.status).toBe(200);
  expect(problem(await acknowledge(registry, recall))).toEqual(['state-conflict', 'acknowledged']);
});

test("another's recall reads like one that never was, byte by byte", async () => {
  const { market } = registry.parties;
  const { recall } = await recallOf(registry);
  const theirs = await acknowledge(registry, recall, { key: market.service });
  const nobodys = await acknowledge(
    registry,
    recall.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
    {
      key: market.service,
    },
  );
  expect(problem(theirs)).toEqual(['not-found']);
  expect(theirs.raw.body).toBe(nobodys.raw.body);
});

test('after a reported refusal it says what was done: not that nothing was', async () => {
  const { tubely } = registry.parties;
  const { sanction, matches } = await tell(registry);
  await refuse(matches[0]!);
  await withdraw(registry, sanction);
  const [recall] = await recallsOf(registry, sanction);
  const by = { key: tubely.trust };
  expect(
    problem(await acknowledge(registry, recall!.id, { ...by, action: 'never-acted' })),
  ).toEqual(['state-conflict', 'has-acted']);
  expect(problem(await acknowledge(registry, recall!.id, { action: 'refusal-lifted' }))).toEqual([
    'role-not-allowed',
  ]);
  resultOf(await acknowledge(registry, recall!.id, { ...by, action: 'refusal-lifted' }));
});

test('a measure is kept on own grounds by a later review that the creator was told of', async () => {
  const { recall } = await recallOf(registry);
  registry.advance(10 * minutes);
  const now = toNumericDate(registry.now());
  const acknowledgement = {
    key: registry.parties.tubely.trust,
    action: 'kept-on-own-grounds' as const,
    copies: 'kept' as const,
  };
  expect(problem(await acknowledge(registry, recall, acknowledgement))).toEqual([
    'invalid-input',
    'required',
  ]);
  const ownGrounds = {
    reviewedAt: now - 60,
    noticeSentAt: now,
    matchWasOnlyGround: false as const,
  };
  resultOf(await acknowledge(registry, recall, { ...acknowledgement, ownGrounds }));
  const dated = await registry.db
    .selectFrom('acknowledgements')
    .select('reviewed_at')
    .where('recall', '=', recall)
    .executeTakeFirstOrThrow();
  expect(dated.reviewed_at).toEqual(new Date((now - 60) * 1_000));
  const only = { ...ownGrounds, matchWasOnlyGround: true as false };
  expect(
    problem(await acknowledge(registry, recall, { ...acknowledgement, ownGrounds: only }))[0],
  ).toBe('invalid-input');
});

test('acknowledging a pause while a reversal supersedes it: one of the two, and no deadlock', async () => {
  const { tubely } = registry.parties;
  const other = registry.anotherServer();
  // The database counts since it was made, and had other tests before this one.
  const deadlocksBefore = await countDeadlocks(registry.db);
  let superseded = 0;
  for (let round = 0; round < 40; round++) {
    const { sanction } = await tell(registry);
    const since = registry.now();
    await act(registry, sanction, (ctx, record) =>
      suspend(ctx, record, { cause: 'relief', since }),
    );
    const [pause] = await recallsOf(registry, sanction);
    const compact = await registry.sign(tubely.service, {
      op: 'recalls.acknowledge',
      in: { recall: pause!.id as `rcl_${string}`, action: 'paused', copies: 'kept' },
    });
    const [withdrawn, acked] = await Promise.all([
      withdraw(registry, sanction),
      new Promise((resolve) => setTimeout(resolve, round % 10)).then(() =>
        registry.send('recalls.acknowledge', compact, other),
      ),
    ]);
    expect(withdrawn.status).toBe(200);
    const [closed, undo] = await recallsOf(registry, sanction);
    expect(undo).toMatchObject({ kind: 'undo', acknowledgement: null, superseded_by: null });
    const isLate = acked.status !== 200;
    if (isLate) superseded++;
    expect(problem(acked)).toEqual(isLate ? ['state-conflict', 'superseded'] : ['200']);
    expect(closed).toMatchObject({
      acknowledgement: isLate ? null : closed!.id,
      superseded_by: isLate ? undo!.id : null,
    });
  }
  expect(superseded).toBeGreaterThan(0);
  expect(await countDeadlocks(registry.db)).toBe(deadlocksBefore);
});

/** Sessions report what they counted within a second. */
async function countDeadlocks(db: Db): Promise<number | undefined> {
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const { rows } = await sql<{ n: number }>`
    select deadlocks::int as n from pg_stat_database where datname = current_database()`.execute(
    db,
  );
  return rows[0]?.n;
}
