import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { allCases } from '../src/readers/entries/scope.ts';
import { compareNextInstants } from '../src/readers/doctor/next-instants.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  advanceTo,
  appealCase,
  appealOf,
  day,
  impersonation,
  newCase,
  sanctionOf,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { countDue } from './due-fixture.ts';
import { expectSameLives } from './lives-beside.ts';
import { concede } from './panel-harness.ts';
import { sqlState } from './sanctions-harness.ts';

/** No relief is due while another appeal is open on the same evidence: each record says so itself, when it is due. */
let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

/** Records on the same speech, which rest on the same evidence. */
async function onOneEvidence(count: number): Promise<TestCase[]> {
  const statement = impersonation();
  const all: TestCase[] = [];
  for (let n = 0; n < count; n++) {
    all.push(await newCase(registry, { statement, shown: true, told: [] }));
  }
  return all;
}

const appeal = (theCase: TestCase) => appealCase(registry, theCase, { ground: 'expression' });

const historyOf = async ({ sanction }: TestCase): Promise<string[]> => {
  const rows = await registry.db
    .selectFrom('sanction_events')
    .select('event')
    .where('sanction', '=', sanction)
    .orderBy('position')
    .execute();
  return rows.map(({ event }) => event).filter((event) => event !== 'reviewer-claimed');
};

const stateOf = async ({ sanction }: TestCase): Promise<string> =>
  (await sanctionOf(registry, sanction)).state;

async function settle(): Promise<void> {
  const { failures } = await settleDue(registry.services);
  expect([failures, await countDue(registry)]).toEqual([[], 0]);
}

const doctorsWords = async (): Promise<string[]> => {
  const differences: string[] = [];
  for await (const { code, id } of compareNextInstants(registry.db, allCases)) {
    differences.push(`${code} ${id}`);
  }
  return differences;
};

/** What a claimant reads of their case. */
const readBy = async ({ key }: TestCase): Promise<string[]> => {
  const { body } = await registry.caseCall('case.open', { code: key });
  const { history } = body.result.data.case as { history: { event: string }[] };
  return history.map(({ event }) => event);
};

describe('a second appeal on the same evidence', () => {
  test('leaves the first as it is: its next instant is right, and the doctor finds nothing', async () => {
    const [first, second] = await onOneEvidence(2);
    const { id, relief_due_at: due } = await appeal(first!);
    const before = await historyOf(first!);
    await appeal(second!);
    expect(await doctorsWords()).toEqual([]);
    await expectSameLives(registry);
    expect(await historyOf(first!)).toEqual(before);
    expect((await appealOf(registry, id)).reliefDueAt).toBeUndefined();
    advanceTo(registry, due!);
    await expectSameLives(registry);
    expect(await doctorsWords()).toEqual([]);
  });

  test('spares both their relief: each record says so when it is due, to its creator too', async () => {
    // What falls on a weekend is due on one Monday for both: on a Wednesday and a Thursday it is due on two days.
    while (registry.now().getUTCDay() !== 3) registry.advance(day);
    const both = await onOneEvidence(2);
    const [one] = [await appeal(both[0]!), registry.advance(day)];
    const two = await appeal(both[1]!);
    advanceTo(registry, one.relief_due_at!);
    await settle();
    expect((await historyOf(both[0]!)).at(-1)).toBe('relief-spared');
    expect((await historyOf(both[1]!)).at(-1)).toBe('appeal-opened');
    advanceTo(registry, two.relief_due_at!);
    await settle();
    for (const each of both) {
      expect((await readBy(each)).filter((event) => event === 'relief-spared')).toHaveLength(1);
      expect(await stateOf(each)).toBe('visible');
    }
    await expectSameLives(registry);
    expect(await doctorsWords()).toEqual([]);
  });

  test('changes no other row, however many there are', async () => {
    const rowsBeside = async ({ sanction }: TestCase) =>
      (
        await sql`select id, xmin::text from appeals where sanction <> ${sanction}
          union all select id, xmin::text from sanctions where id <> ${sanction} order by id`.execute(
          registry.db,
        )
      ).rows;
    for (const each of await onOneEvidence(4)) {
      const before = await rowsBeside(each);
      await appeal(each);
      expect(await rowsBeside(each)).toEqual(before);
    }
  });

  test('on another ground spares relief, too', async () => {
    const [first, second] = await onOneEvidence(2);
    const { relief_due_at: due } = await appeal(first!);
    await appealCase(registry, second!, { ground: 'procedure' });
    advanceTo(registry, due!);
    await settle();
    expect([await stateOf(first!), (await historyOf(first!)).at(-1)]).toEqual([
      'visible',
      'relief-spared',
    ]);
    expect(await historyOf(second!)).not.toContain('relief-spared');
  });

  test('that comes after relief was due changes nothing, also with every job stopped', async () => {
    const [first, second] = await onOneEvidence(2);
    const { relief_due_at: due } = await appeal(first!);
    advanceTo(registry, due!);
    await appeal(second!);
    expect(await stateOf(first!)).toBe('suspended');
    await settle();
    expect([await stateOf(first!), await historyOf(first!)]).toEqual([
      'suspended',
      expect.not.arrayContaining(['relief-spared']),
    ]);
    expect(await doctorsWords()).toEqual([]);
    // Nor does one of the last instant before, which committed after relief was granted.
    await sql`update appeals set opened_at = ${new Date(due!.getTime() - 1)} where sanction = ${second!.sanction}`.execute(
      registry.ownerDb,
    );
    expect(await stateOf(first!)).toBe('suspended');
    await expectSameLives(registry);
    expect(await doctorsWords()).toEqual([]);
  });

  test('counts by what was open while relief was due, with every job stopped for a month', async () => {
    const [first, second, third] = await onOneEvidence(3);
    await appeal(first!);
    const { id } = await appealCase(registry, second!);
    resultOf(await concede(registry, { ...second!, appeal: id }));
    registry.advance(9 * day);
    // The second is closed: alone with the first, the third is beside it.
    await appeal(third!);
    expect([await stateOf(first!), await stateOf(third!)]).toEqual(['visible', 'visible']);
    registry.advance(9 * day);
    expect(await stateOf(third!)).toBe('visible');
    await settle();
    for (const each of [first!, third!]) {
      expect(await historyOf(each)).toContain('relief-spared');
    }
    expect(await doctorsWords()).toEqual([]);
  });
});

describe('whoever joins with expression', () => {
  const join = async ({ key }: TestCase) => {
    const input = { key, ground: 'expression', words: 'It was satire.' } as const;
    resultOf(await registry.caseCall('case.join', input));
  };

  test('is owed relief where nothing else is open any more', async () => {
    const [first, second] = await onOneEvidence(2);
    await appealCase(registry, first!, { ground: 'facts-wrong' });
    const { id } = await appealCase(registry, second!, { ground: 'facts-wrong' });
    resultOf(await concede(registry, { ...second!, appeal: id }));
    await join(first!);
    registry.advance(6 * day);
    expect(await stateOf(first!)).toBe('suspended');
    await expectSameLives(registry);
  });

  test('is owed none beside another appeal', async () => {
    const [first, second] = await onOneEvidence(2);
    await appealCase(registry, first!, { ground: 'facts-wrong' });
    await appealCase(registry, second!, { ground: 'facts-wrong' });
    await join(first!);
    registry.advance(6 * day);
    await settle();
    expect([await stateOf(first!), await historyOf(first!)]).toEqual([
      'visible',
      expect.arrayContaining(['relief-spared']),
    ]);
  });
});

describe('who opens at once', () => {
  const open = ({ key }: TestCase) =>
    registry.caseCall('case.appeal', {
      key,
      ground: 'expression',
      words: 'It was satire.',
      language: 'en',
    });

  /** The database counts since it was made, and served other tests before this one. */
  async function deadlocks(): Promise<number> {
    await sql`select pg_stat_force_next_flush()`.execute(registry.db);
    const { rows } = await sql<{ n: number }>`
      select deadlocks::int as n from pg_stat_database where datname = current_database()`.execute(
      registry.db,
    );
    return rows[0]!.n;
  }

  test('knows of the others: one is the first, all are beside it, and none waits for ever', async () => {
    const before = await deadlocks();
    for (let round = 0; round < 2; round++) {
      const all = await onOneEvidence(8);
      const answers = await Promise.all(all.map(open));
      expect(answers.map(({ status }) => status)).toEqual(all.map(() => 200));
      const rows = await registry.db
        .selectFrom('appeals')
        .select(['id', 'beside', 'together'])
        .where(
          'sanction',
          'in',
          all.map(({ sanction }) => sanction),
        )
        .execute();
      const [first, ...more] = rows.filter(({ beside }) => beside === null);
      expect(more).toEqual([]);
      const others = rows.filter((row) => row !== first);
      expect(others).toEqual(others.map(({ id }) => ({ id, beside: first!.id, together: true })));
      await expectSameLives(registry);
      registry.advance(day);
    }
    expect(await deadlocks()).toBe(before);
  }, 120_000);

  test('waits for nobody who has another record on that evidence in hand', async () => {
    const [first, second] = await onOneEvidence(2);
    const { id } = await appeal(first!);
    await registry.db.transaction().execute(async (db) => {
      await sql`select from sanctions where id = ${first!.sanction} for update`.execute(db);
      await sql`update appeals set added_days = 1 where id = ${id}`.execute(db);
      expect((await open(second!)).status).toBe(200);
    });
    await expectSameLives(registry);
  });
});

describe('by SQL', () => {
  const attack = (set: string, id: string) =>
    sqlState(sql.raw(`update appeals set ${set} where id = '${id}'`).execute(registry.db));
  const spared = (at = 'relief_due_at') =>
    `relief_decided_as = 'spared', relief_decided_at = ${at}`;

  test('relief is spared nobody who is alone, and not before it is due', async () => {
    const [first, second] = await onOneEvidence(2);
    const { id } = await appeal(first!);
    expect(await attack('together = true', id)).toBe('23514');
    expect(await attack('relief_due_at = null', id)).toBe('23514');
    expect(await attack(spared(), id)).toBe('23514');
    await appeal(second!);
    expect(await attack(spared('opened_at'), id)).toBe('23514');
    expect(await attack(`beside = '${id}'`, id)).toBe('42501');
    expect(await attack(spared(), id)).toBe('accepted');
  });

  test('nobody opens alone beside another, nor beside who is not there', async () => {
    const [first, second, stranger] = [...(await onOneEvidence(2)), await newCase(registry)];
    const { id } = await appeal(first!);
    const other = id.slice(0, -1) + 'z';
    const insert = (theCase: TestCase, row: { beside: string | null; together: boolean }) =>
      sqlState(
        sql`with r as (insert into reviews (id, sanction) values (${other}, ${theCase.sanction})), about as (
            insert into appeal_proofs (appeal, sanction, proof) select ${other}, id, proof from sanctions
            where id = ${theCase.sanction} and proof is not null)
          insert into appeals (id, sanction, submitter, claimant, ground, speech, language, words, reviewers,
            opened_at, assignment_due_at, relief_due_at, decision_due_at, undecided_at, bound, beside, together)
          select ${other}, s.id, s.party, ${theCase.claimant}, 'expression', s.reason = a.reason, 'en', '', 2,
            o.opened_at, o.assignment_due_at, case when s.reason = a.reason then o.relief_due_at end,
            o.decision_due_at, o.undecided_at, false, ${row.beside}, ${row.together}
          from appeals o join sanctions a on a.id = o.sanction, sanctions s
          where o.id = ${id} and s.id = ${theCase.sanction}`.execute(registry.db),
      );
    expect(await insert(second!, { beside: null, together: false })).toBe('23514');
    expect(await insert(second!, { beside: null, together: true })).toBe('23514');
    expect(await insert(second!, { beside: id, together: false })).toBe('23514');
    expect(await insert(stranger!, { beside: id, together: false })).toBe('23514');
    expect(await insert(second!, { beside: id, together: true })).toBe('accepted');
  });
});
