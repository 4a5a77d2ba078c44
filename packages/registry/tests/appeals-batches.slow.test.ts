import { claimKeyHash, type Id } from '@recourse/protocol';
import { random32, type TestKey, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  advanceTo,
  appealCase,
  appealOf,
  assign,
  claimCase,
  day,
  decide,
  deliver,
  impersonation,
  newCase,
  sanctionOf,
  signClaim,
  startAppealRegistry,
  takeWithKey,
  type Reviewer,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { closedAppeals } from './panel-harness.ts';
import { entriesOf } from './recalls-fixture.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
let by: TestKey;
let other: TestKey;
beforeEach(async () => {
  registry = await startAppealRegistry({ place: () => 0 });
  [by, other] = registry.parties.panel;
});
afterEach(() => registry.close());

interface AppealedCase extends TestCase {
  readonly appeal: Id<'apl'>;
}
const captured = () => ({ class: 'captured-artefact' as const, commitment: random32() });

/** Appeals on as many records, which all commit to the same evidence. */
async function onOneEvidence(
  count: number,
  options: Parameters<typeof newCase>[1] = {},
): Promise<AppealedCase[]> {
  const { statement = { evidence: [captured()] } } = options;
  const all: AppealedCase[] = [];
  for (let n = 0; n < count; n++) {
    const theCase = await newCase(registry, { ...options, statement });
    all.push({ ...theCase, appeal: (await appealCase(registry, theCase)).id });
  }
  return all;
}

const assigned = async (key: TestKey): Promise<{ appeal: Id<'apl'>; batch: Id<'apl'>[] }> =>
  resultOf(await assign(registry, key)) as { appeal: Id<'apl'>; batch: Id<'apl'>[] };

/** Takes all that was assigned by one key. */
async function takeBatch(key: TestKey, batch: readonly Id<'apl'>[]): Promise<Reviewer> {
  const [first, ...others] = batch;
  const reviewer = await takeWithKey(registry, key, first!);
  resultOf(reviewer.answer);
  for (const appeal of others) {
    const claim = await signClaim(registry, { by: key, appeal, key: reviewer.sealing });
    resultOf(await registry.call(key, 'review.claim', { claim }));
  }
  return reviewer;
}
const batchTaken = async (key: TestKey): Promise<Reviewer> =>
  takeBatch(key, (await assigned(key)).batch);

const missing = async (appeal: Id<'apl'>): Promise<number[]> =>
  (await appealOf(registry, appeal)).evidence
    .filter(({ delivered }: { delivered: boolean }) => !delivered)
    .map(({ item }: { item: number }) => item);
const ids = (cases: readonly AppealedCase[]) => cases.map(({ appeal }) => appeal);
const service = () => registry.parties.harbour.service;

describe('appeals on the same evidence', () => {
  test('are one assignment, and others wait for their own', async () => {
    const [one, two] = await onOneEvidence(2);
    registry.advance(3 * day);
    const [alone] = await onOneEvidence(1);
    expect((await assigned(by)).batch.toSorted()).toEqual(ids([one!, two!]).toSorted());
    expect((await assigned(other)).batch).toEqual([alone!.appeal]);
  });

  test('are fifty at most', async () => {
    const all = await onOneEvidence(52);
    const { appeal: head, batch } = await assigned(by);
    expect(batch).toHaveLength(50);
    const outside = all.find(({ appeal }) => !batch.includes(appeal))!;
    const join = sql`insert into assignments (review, sanction, holder, kid, at, expires_at, batch)
      select ${outside.appeal}, ${outside.sanction}, holder, kid, at, at, batch from assignments where review = ${head}`;
    expect(await sqlState(join.execute(registry.db))).toBe('23514');
    expect((await assigned(other)).batch).toHaveLength(2);
  }, 120_000);

  test('of classes that the floor does not name may differ, and need their own delivery', async () => {
    const common = captured();
    const [one] = await onOneEvidence(1, { statement: { evidence: [common] } });
    const memo = { class: 'review-memo' as const, commitment: random32() };
    const [two] = await onOneEvidence(1, { statement: { evidence: [memo, common] } });
    const reviewer = await batchTaken(by);
    const delivered = await deliver(registry, { appeal: one!.appeal, to: [reviewer] });
    expect(resultOf(delivered)).toMatchObject({ serves: 2, missing: [] });
    expect([await missing(one!.appeal), await missing(two!.appeal)]).toEqual([[], [0]]);
  });

  test('are not those of whoever may not judge one of them', async () => {
    const statement = { evidence: [captured()] };
    const judged = await newCase(registry, { statement });
    await closedAppeals(registry, judged, [{ as: 'withdrawn', closedAt: registry.now(), by }]);
    const [one] = await onOneEvidence(1, { statement });
    await appealCase(registry, judged);
    expect((await assigned(by)).batch).toEqual([one!.appeal]);
  });

  test('count once in what waits for a reviewer, and in what one gives back', async () => {
    const all = await onOneEvidence(12);
    registry.advance(3 * day);
    const [alone] = await onOneEvidence(1);
    const { batch } = await assigned(by);
    await takeBatch(by, batch);
    expect((await assigned(by)).batch).toEqual([alone!.appeal]);
    for (const appeal of batch) {
      const recusal = { appeal, why: 'language' } as const;
      resultOf(await registry.call(by, 'review.recuse', recusal));
    }
    expect((await assigned(other)).batch).toHaveLength(all.length);
  });

  test('go to a second reviewer together, too', async () => {
    const all = await onOneEvidence(3);
    await sql`update appeals set reviewers = 2`.execute(registry.ownerDb);
    const first = await batchTaken(by);
    expect((await assigned(other)).batch).toHaveLength(3);
    const second = await batchTaken(other);
    const [one] = all;
    const alone = await deliver(registry, { appeal: one!.appeal, to: [first] });
    expect(problem(alone)[0]).toBe('state-conflict');
    const both = await deliver(registry, { appeal: one!.appeal, to: [first, second] });
    expect(resultOf(both)).toMatchObject({ serves: 3 });
  });
});

describe('one delivery serves a batch', () => {
  test('and is opened, confirmed and lifted for each of it', async () => {
    const [one, two, three] = await onOneEvidence(3);
    const reviewer = await batchTaken(by);
    const { evidenceDueAt } = await appealOf(registry, three!.appeal);
    advanceTo(registry, evidenceDueAt);
    expect(await sanctionOf(registry, three!.sanction)).toMatchObject({ state: 'suspended' });
    const delivered = await deliver(registry, { appeal: two!.appeal, to: [reviewer] });
    expect(resultOf(delivered)).toMatchObject({ serves: 3, missing: [] });
    for (const { appeal, sanction } of [one!, two!, three!]) {
      const opened = await registry.call(by, 'evidence.open', { appeal, item: 0 });
      expect(opened.status).toBe(200);
      expect((await sanctionOf(registry, sanction)).state).not.toBe('suspended');
    }
    expect(await entriesOf(registry, 'evidence-delivered')).toHaveLength(3);
    resultOf(await registry.call(by, 'evidence.confirm', { appeal: one!.appeal }));
    const answer = await registry.call(by, 'review.get', { appeal: three!.appeal });
    expect(answer.body.result).toMatchObject({ confirmedAt: expect.any(String) });
  });

  test('that did not come reverses all of it', async () => {
    const all = await onOneEvidence(3);
    await batchTaken(by);
    registry.advance(20 * day);
    for (const { sanction } of all) {
      const cause = 'evidence-not-delivered';
      expect(await sanctionOf(registry, sanction)).toMatchObject({ state: 'reversed', cause });
    }
  });

  test('is kept once, and is gone with the last appeal that it served', async () => {
    const [one, two] = await onOneEvidence(2);
    const reviewer = await batchTaken(by);
    resultOf(await deliver(registry, { appeal: one!.appeal, to: [reviewer] }));
    const sealedItems = () => registry.db.selectFrom('sealed_evidence').select('id').execute();
    expect(await sealedItems()).toHaveLength(1);
    const destroy = ({ appeal }: AppealedCase) =>
      sql`with gone as (update deliveries set sealed = null where review = ${appeal} returning evidence)
        select drop_evidence(array_agg(evidence)) from gone`.execute(registry.db);
    await destroy(one!);
    expect(await sealedItems()).toHaveLength(1);
    await destroy(two!);
    expect(await sealedItems()).toEqual([]);
  });

  test('that nobody may hold is destroyed for all of it', async () => {
    const [one, two] = await onOneEvidence(2);
    const reviewer = await batchTaken(by);
    resultOf(await deliver(registry, { appeal: one!.appeal, to: [reviewer] }));
    const rejected = { appeal: two!.appeal, item: 0, why: 'illegal-media' } as const;
    resultOf(await registry.call(by, 'evidence.reject', rejected));
    for (const { appeal } of [one!, two!]) {
      const opened = await registry.call(by, 'evidence.open', { appeal, item: 0 });
      expect(problem(opened)).toEqual(['not-found']);
      expect((await appealOf(registry, appeal)).evidence[0]).toMatchObject({
        rejected: 'illegal-media',
      });
    }
    expect(await registry.db.selectFrom('sealed_evidence').selectAll().execute()).toEqual([]);
  });

  test('sealed to one who has not all of them serves those that they have', async () => {
    const [one, two] = await onOneEvidence(2);
    const first = await batchTaken(by);
    await sql`update appeals set reviewers = 2 where id = ${two!.appeal}`.execute(registry.ownerDb);
    const second = await claimCase(registry, other, two!.appeal);
    const delivered = await deliver(registry, { appeal: one!.appeal, to: [first] });
    expect(resultOf(delivered)).toMatchObject({ serves: 1 });
    const both = await deliver(registry, { appeal: two!.appeal, to: [first, second] });
    expect(resultOf(both)).toMatchObject({ missing: [] });
  });
});

describe('each appeal of a batch', () => {
  const decision = { outcome: 'dismissed' } as const;
  const tie = 'The address that it shows is yours.';

  test('is decided by a decision that says what ties its creator to the evidence', async () => {
    const [one, two] = await onOneEvidence(2);
    await batchTaken(by);
    const silent = await decide(registry, { ...one!, by, decision });
    expect(problem(silent)).toEqual(['invalid-input', 'missing']);
    resultOf(await decide(registry, { ...one!, by, decision, tie }));
    expect(await appealOf(registry, two!.appeal)).toMatchObject({ state: 'open' });
    const { body } = (await registry.caseCall('case.open', { code: one!.key })).raw;
    expect(body).toContain(tie);
    // The last of it says so, too.
    expect(problem(await decide(registry, { ...two!, by, decision }))).toContain('missing');
  });

  test('that falls for the creator leaves the others to be decided', async () => {
    const [one, two] = await onOneEvidence(2);
    await batchTaken(by);
    const wrong = { outcome: 'reversed', cause: 'mistaken-identity' } as const;
    resultOf(await decide(registry, { ...one!, by, decision: wrong, tie: 'Nothing does.' }));
    expect(await sanctionOf(registry, one!.sanction)).toMatchObject({ state: 'reversed' });
    expect((await sanctionOf(registry, two!.sanction)).state).not.toBe('reversed');
  });
});

describe('no claimant learns of a batch', () => {
  test('the entry of a claim has another value of its key in each case', async () => {
    const all = await onOneEvidence(2);
    const { kid } = await batchTaken(by);
    const keys = [];
    for (const { appeal, key } of all) {
      const { body } = await registry.caseCall('case.receipt', { key });
      const openings = body.result.data.openings as {
        entry: { type: string };
        detail: { key: string };
      }[];
      const keyHash = openings.find(({ entry }) => entry.type === 'claim')?.detail.key;
      expect(keyHash).toBe(claimKeyHash({ appeal, kid }));
      keys.push(keyHash);
    }
    expect(new Set(keys).size).toBe(2);
  });

  test('its page names no other case', async () => {
    const [one, two] = await onOneEvidence(2);
    const reviewer = await batchTaken(by);
    resultOf(await deliver(registry, { appeal: one!.appeal, to: [reviewer] }));
    for (const act of ['case.open', 'case.receipt'] as const) {
      const input = act === 'case.open' ? { code: one!.key } : { key: one!.key };
      const { body } = (await registry.caseCall(act, input as never)).raw;
      for (const theirs of [two!.appeal, two!.sanction, reviewer.kid, 'batch'])
        expect([act, body.includes(theirs)]).toEqual([act, false]);
    }
  });
});

test('a key of one assignment is of no other', async () => {
  await onOneEvidence(2);
  const reviewer = await batchTaken(by);
  await onOneEvidence(1);
  const { appeal } = await assigned(by);
  const claim = await signClaim(registry, { by, appeal, key: reviewer.sealing });
  expect(problem(await registry.call(by, 'review.claim', { claim }))).toContain('not-fresh');
});

describe('by SQL, as the service role', () => {
  let now: Date;
  const at = () => now;
  const insert = (appeal: AppealedCase, batch: string | null, holder = by) =>
    sqlState(
      sql`insert into assignments (review, sanction, holder, kid, at, expires_at, batch)
        values (${appeal.appeal}, ${appeal.sanction}, ${holder.holder}, ${holder.kid}, ${at()}, ${at()}, ${batch})`.execute(
        registry.db,
      ),
    );
  const keyed = (appeal: string, kid: string) =>
    sqlState(
      sql`update assignments set statement = 'x.y.z', sealing_kid = ${kid}, keyed_at = ${at()}
        where review = ${appeal}`.execute(registry.db),
    );

  test('nothing joins an assignment that rests on other evidence, is another’s, or of another time', async () => {
    const [one, two] = await onOneEvidence(2);
    const [alone] = await onOneEvidence(1);
    now = registry.now();
    expect(await insert(two!, one!.appeal)).toBe('23514');
    expect(await insert(one!, null)).toBe('23502');
    expect(await insert(one!, one!.appeal)).toBe('accepted');
    expect(await insert(alone!, one!.appeal)).toBe('23514');
    expect(await insert(two!, one!.appeal, other)).toBe('23514');
    now = new Date(now.getTime() + 1);
    expect(await insert(two!, one!.appeal)).toBe('23514');
    const move = sql`update assignments set batch = ${alone!.appeal}`.execute(registry.db);
    expect(await sqlState(move)).toBe('42501');
  });

  test('a key serves one assignment', async () => {
    const [one, two] = await onOneEvidence(2);
    const [alone] = await onOneEvidence(1);
    now = registry.now();
    for (const [of, batch] of [
      [one!, one!],
      [two!, one!],
      [alone!, alone!],
    ] as const)
      expect(await insert(of, batch.appeal)).toBe('accepted');
    expect(await keyed(one!.appeal, 'k')).toBe('accepted');
    expect(await keyed(two!.appeal, 'k')).toBe('accepted');
    expect(await keyed(alone!.appeal, 'k')).toBe('23505');
  });

  test('what a record rests on is read from its statement, and is never changed', async () => {
    const [one] = await onOneEvidence(1);
    const forge = sql`update sanctions set proof = 'of another' where id = ${one!.sanction}`;
    expect(await sqlState(forge.execute(registry.db))).toBe('42501');
    const drop = sql`delete from sealed_evidence`.execute(registry.db);
    expect(await sqlState(drop)).toBe('42501');
  });
});

describe('relief within a batch', () => {
  const speech = async (count: number): Promise<AppealedCase[]> => {
    const statement = impersonation();
    const all: AppealedCase[] = [];
    for (let n = 0; n < count; n++) {
      const theCase = await newCase(registry, { statement, shown: true });
      const { id } = await appealCase(registry, theCase, { ground: 'expression' });
      all.push({ ...theCase, appeal: id });
    }
    return all;
  };
  const reliefDue = async ({ appeal }: AppealedCase) =>
    (await appealOf(registry, appeal, service())).reliefDueAt;
  const suspended = async (cases: readonly AppealedCase[]) => {
    const states = [];
    for (const { sanction } of cases) states.push((await sanctionOf(registry, sanction)).state);
    return states.filter((state) => state === 'suspended').length;
  };

  test('is owed to nobody, also not to whoever was first; to one alone it is', async () => {
    const statement = impersonation();
    const first = await newCase(registry, { statement, shown: true });
    const second = await newCase(registry, { statement, shown: true });
    const { id } = await appealCase(registry, first, { ground: 'expression' });
    const other = { ...first, appeal: id };
    expect(await reliefDue(other)).toEqual(expect.any(String));
    const { id: next } = await appealCase(registry, second, { ground: 'expression' });
    const both = [other, { ...second, appeal: next }];
    for (const each of both) expect(await reliefDue(each)).toBeUndefined();
    const [alone] = await speech(1);
    registry.advance(6 * day);
    expect(await suspended(both)).toBe(0);
    expect(await suspended([alone!])).toBe(1);
  });

  test('that was granted before stands', async () => {
    const statement = impersonation();
    const first = await newCase(registry, { statement, shown: true });
    const second = await newCase(registry, { statement, shown: true });
    const { id } = await appealCase(registry, first, { ground: 'expression' });
    registry.advance(6 * day);
    await appealCase(registry, second, { ground: 'expression' });
    expect(await suspended([{ ...first, appeal: id }])).toBe(1);
  });

  test('is neither given nor taken by SQL', async () => {
    const [alone] = await speech(1);
    const give = (appeal: AppealedCase, due: Date | null) =>
      sqlState(
        sql`update appeals set relief_due_at = ${due} where id = ${appeal.appeal}`.execute(
          registry.db,
        ),
      );
    expect(await give(alone!, null)).toBe('23514');
    const spare = sql`update appeals set together = true where id = ${alone!.appeal}`;
    expect(await sqlState(spare.execute(registry.db))).toBe('23514');
  });
});
