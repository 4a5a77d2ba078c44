import type { CaseView, Id, OpOutput } from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { day, newCase, recallsOf, startAppealRegistry, type TestCase } from './appeals-harness.ts';
import { askNew, resultOf } from './checks-fixture.ts';
import {
  countedOf,
  deliverInspection,
  examine,
  inspectionRows,
  takeInspection,
} from './inspections-harness.ts';
import { accusedHarbour, allVote, detailsOf, seatReviewers } from './panel-harness.ts';
import { problem, sqlState, tried, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const suspendHarbour = async () =>
  allVote(registry, {
    item: await accusedHarbour(registry),
    among: [...registry.parties.panel, ...registry.parties.reserve],
    outcomes: ['suspend', 'suspend', 'suspend'],
  });

/** What a check hears of a record: the advice, and whether its reason is told. */
async function heard({ tokens }: TestCase): Promise<[advice: string, isTold: boolean]> {
  const answer = await askNew(registry, registry.parties.tubely, [tokens[0]!, tokens[1]!]);
  const { advice, matches } = resultOf(answer) as OpOutput<'checks.match'>;
  return [advice, matches.some(({ statement }) => statement !== undefined)];
}

const read = async <T>(op: 'parties.standing' | 'appeals.list'): Promise<T> =>
  resultOf(await registry.call(registry.parties.harbour.service, op, {})) as T;
const unexamined = async (): Promise<unknown> => [
  (await read<OpOutput<'parties.standing'>>('parties.standing')).unexamined,
  (await read<OpOutput<'appeals.list'>>('appeals.list')).inspections.map((one) => one.unexamined),
];
const seenByCreator = async (theCase: TestCase): Promise<unknown> => {
  const answer = await registry.caseCall('case.open', { code: theCase.key });
  const { state, inspections } = answer.body.result.data.case as CaseView;
  return [state, ...inspections.map((one) => one.unexamined)];
};

describe('old records of a suspended platform', () => {
  test('answer verify-identity alone, without the reason, from 30 d on until somebody examined them', async () => {
    const old = await newCase(registry);
    await suspendHarbour();
    expect(await detailsOf(registry, 'party-suspended')).toMatchObject([{ records: 1 }]);
    registry.advance(29 * day);
    expect(await heard(old)).toEqual(['review', true]);
    expect([await unexamined(), await seenByCreator(old)]).toEqual([
      [0, [undefined]],
      ['visible', undefined],
    ]);
    registry.advance(4 * day);
    for (const hasRun of [false, true]) {
      if (hasRun) await settleDue(registry.services);
      expect(await heard(old)).toEqual(['verify-identity', false]);
      expect([await unexamined(), await seenByCreator(old)]).toEqual([
        [1, [true]],
        ['visible', true],
      ]);
    }
    // Nobody was told of a pause, since there is none.
    expect(await recallsOf(registry, old.sanction)).toEqual([]);
    const taken = await takeInspection(registry);
    expect(taken.sanction).toBe(old.sanction);
    resultOf(await deliverInspection(registry, taken));
    resultOf(await examine(registry, { by: taken.by, item: taken.item, outcome: 'passed' }));
    expect(await heard(old)).toEqual(['review', true]);
    expect([await unexamined(), await seenByCreator(old)]).toEqual([
      [0, []],
      ['visible', undefined],
    ]);
  });

  test('nor does a match advise to review then, whoever writes it', async () => {
    const old = await newCase(registry);
    await suspendHarbour();
    registry.advance(33 * day);
    await heard(old);
    const attack = `update matches set advice = 'review'
      where sanction = '${old.sanction}' and advice = 'verify-identity'`;
    const control = 'drop trigger matches_advice on matches';
    expect(await tried(registry, [attack], control)).toEqual([['23514'], ['accepted']]);
  });

  test('are withdrawn, and count as what their submitter was wrong about', async () => {
    const old = await newCase(registry);
    await suspendHarbour();
    resultOf(await withdraw(registry, old.sanction));
    expect(await inspectionRows(registry)).toEqual([{ outcome: null, closed_as: 'ended' }]);
    expect(await countedOf(registry)).toEqual([6, 6]);
  });
});

describe('a suspension that the panel lifts', () => {
  let among: TestKey[];
  let item: string;
  let old: TestCase;
  beforeEach(async () => {
    among = [...registry.parties.panel, ...(await seatReviewers(registry, 4))];
    old = await newCase(registry);
    item = await accusedHarbour(registry);
    await allVote(registry, { item, among, outcomes: ['suspend', 'suspend', 'suspend'] });
  });

  async function appealed(): Promise<{ item: string; dueAt: string }> {
    const input = { item: item as Id<'itm'> };
    const answer = await registry.call(
      registry.parties.harbour.admin,
      'parties.appealSuspension',
      input,
    );
    return resultOf(answer) as { item: string; dueAt: string };
  }
  async function lifted(): Promise<void> {
    const { item: again } = await appealed();
    await allVote(registry, { item: again, among, outcomes: ['lift', 'lift', 'uphold'] });
  }
  const examined = () =>
    registry.db
      .selectFrom('inspections')
      .select(['closed_as', 'outcome'])
      .where('why', '=', 're-examination')
      .execute();
  const asBefore = async () => {
    expect(await heard(old)).toEqual(['review', true]);
    expect([await unexamined(), await seenByCreator(old)]).toEqual([
      [0, []],
      ['visible', undefined],
    ]);
    const { inspections } = (await registry.caseCall('case.open', { code: old.key })).body.result
      .data.case as CaseView;
    expect(inspections.map(({ state }) => state)).toEqual(['lifted']);
    expect(await recallsOf(registry, old.sanction)).toEqual([]);
  };

  test('ends the re-examinations that it opened, before any job ran, and changes no other row', async () => {
    registry.advance(33 * day);
    expect(await heard(old)).toEqual(['verify-identity', false]);
    await lifted();
    // However many there are: the job closes them later, one a transaction.
    expect(await examined()).toEqual([{ closed_as: null, outcome: null }]);
    await asBefore();
    await settleDue(registry.services);
    expect(await examined()).toEqual([{ closed_as: 'lifted', outcome: null }]);
    await asBefore();
  });

  test('by an appeal that nobody decided in time, too', async () => {
    registry.advance(10 * day);
    const { dueAt } = await appealed();
    registry.advance((Date.parse(dueAt) - registry.now().getTime()) / 1000 - 60);
    expect((await heard(old))[0]).toBe('verify-identity');
    registry.advance(120);
    await asBefore();
    await settleDue(registry.services);
    await asBefore();
  });

  test('leaves nothing to decide or to deliver for whoever has one', async () => {
    const taken = await takeInspection(registry);
    await lifted();
    const { by, item: inspection } = taken;
    expect(problem(await examine(registry, { by, item: inspection, outcome: 'failed' }))).toEqual([
      'not-found',
    ]);
    // Evidence was due in seven days: nothing ends for want of it any more.
    registry.advance(20 * day);
    await asBefore();
    await settleDue(registry.services);
    await asBefore();
    expect(await countedOf(registry)).toEqual([5, 5]);
  });

  test('while another one of the group stands, its records are still examined', async () => {
    const { id: party } = registry.parties.harbour;
    await sql`insert into party_suspensions (party, cause, since, item)
      values (${party}, 'inquiry', ${registry.now()}, ${item})`.execute(registry.ownerDb);
    await lifted();
    registry.advance(33 * day);
    expect(await heard(old)).toEqual(['verify-identity', false]);
    await settleDue(registry.services);
    expect(await examined()).toEqual([{ closed_as: null, outcome: null }]);
  });

  test('is what closes them, whoever writes it', async () => {
    const now = registry.now().toISOString();
    const close = `update inspections set closed_at = '${now}', closed_as = 'lifted'`;
    const control = 'drop trigger inspections_lifted on inspections';
    expect(await tried(registry, [close], control)).toEqual([['23514'], ['accepted']]);
    const open = `with r as (insert into reviews (id, sanction) values ('itm_' || repeat('0', 26), '${old.sanction}'))
      insert into inspections (id, sanction, why, opened_at, due_at, suspension)
      select 'itm_' || repeat('0', 26), '${old.sanction}', 're-examination', now(), now() + interval '1 day', id
      from panel_items where outcome is null limit 1`;
    await appealed();
    await sql`drop index inspections_open`.execute(registry.ownerDb);
    expect(await sqlState(sql.raw(open).execute(registry.db))).toBe('42501');
  });
});
