import type { AppealGround, Decision, Id } from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import {
  answers,
  appealCase,
  claimCase,
  day,
  decide,
  eventsOf,
  impersonation,
  newCase,
  sanctionOf,
  startAppealRegistry,
  type TestCase,
} from './appeals-harness.ts';
import * as cases from './cases-fixture.ts';
import { resultOf } from './checks-fixture.ts';
import { deliverInspection, takeInspection } from './inspections-harness.ts';
import { allVote, itemRows, seatedOf, seatReviewers } from './panel-harness.ts';
import { byBoth, platformId } from './parties-operator-fixtures.ts';
import { report } from './report-fixture.ts';
import { build, notify, problem, sqlState, submit, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
let panel: TestKey[];
beforeEach(async () => {
  registry = await startAppealRegistry();
  panel = [...registry.parties.panel, ...(await seatReviewers(registry, 4))];
});
afterEach(() => registry.close());

interface Reversed extends TestCase {
  readonly appeal: Id<'apl'>;
}

const authority = { outcome: 'reversed', cause: 'authority-origin' } as const;

/** One reviewer decides an appeal, with no evidence delivered. */
async function vote(
  decision: Partial<Decision> = authority,
  of: { ground?: AppealGround; theCase?: TestCase } = {},
): Promise<Reversed> {
  const theCase = of.theCase ?? (await newCase(registry));
  const { id: appeal } = await appealCase(registry, theCase, { ground: of.ground ?? 'authority' });
  await claimCase(registry, panel[0]!, appeal);
  resultOf(await decide(registry, { ...theCase, appeal, by: panel[0]!, decision }));
  return { ...theCase, appeal };
}

/** A second reviewer, who was assigned the case, says why the record was wrong. */
async function second(decision: Partial<Decision>, by = panel[1]!): Promise<void> {
  const { item, sanction, why } = await takeInspection(registry, by);
  expect(why).toBe('decision');
  resultOf(await decide(registry, { by, sanction, appeal: item, decision }));
}

const confirmed = { outcome: 'failed', cause: 'authority-origin' } as const;
const items = async () =>
  (await itemRows(registry)).map(({ kind, outcome, closed_by: by }) => ({ kind, outcome, by }));
const asked = [{ kind: 'speech', outcome: null, by: null }];
const settle = async (): Promise<void> => {
  expect((await settleDue(registry.services)).failures).toEqual([]);
};
const submits = async (): Promise<string> => {
  const { service } = registry.parties.harbour;
  const sent = await registry.call(service, 'sanctions.submit', await build(registry));
  return sent.status === 200 ? 'accepted' : problem(sent).join();
};
const causes = async (): Promise<string[]> => {
  const { service } = registry.parties.harbour;
  const standing = resultOf(await registry.call(service, 'parties.standing', {})) as {
    suspensions: { cause: string }[];
  };
  return standing.suspensions.map(({ cause }) => cause);
};
/** The examinations of a record, as its creator reads them. */
const inspectionsIn = async ({ key }: TestCase): Promise<readonly object[]> =>
  cases.resultOf(await cases.open(registry, key)).case.inspections;
/** How many of five records of Harbour that answered before still do, 40 days later. */
async function fiveRecords(): Promise<() => Promise<number>> {
  const old: TestCase[] = [];
  for (let n = 0; n < 5; n++) old.push(await newCase(registry));
  return async () => {
    registry.advance(40 * day);
    await settle();
    let answering = 0;
    for (const { tokens } of old) if (await answers(registry, tokens[0]!)) answering++;
    return answering;
  };
}

describe('one vote for authority-origin', () => {
  test('stops nothing: the record ends for an error, and its group records and answers on', async () => {
    const answering = await fiveRecords();
    const { sanction } = await vote();
    expect(await sanctionOf(registry, sanction)).toMatchObject({
      state: 'reversed',
      cause: 'error',
    });
    expect([await submits(), await causes(), await answering()]).toEqual(['accepted', [], 5]);
    expect([await items(), await submits()]).toEqual([[], 'accepted']);
  });

  test('nor by a finding on a record that was withdrawn', async () => {
    const answering = await fiveRecords();
    const theCase = await newCase(registry);
    resultOf(await withdraw(registry, theCase.sanction));
    await vote({ ...authority, outcome: 'finding' }, { theCase });
    expect([await submits(), await causes(), await answering()]).toEqual(['accepted', [], 5]);
    expect(await items()).toEqual([]);
  });

  test('that a second confirms, on a finding too, goes before three others', async () => {
    const theCase = await newCase(registry);
    resultOf(await withdraw(registry, theCase.sanction));
    await vote({ ...authority, outcome: 'finding' }, { theCase });
    await second(confirmed);
    expect(await items()).toEqual(asked);
  });

  test('waits ten days for the second, and is an error from then on', async () => {
    const reversed = await vote();
    registry.advance(13 * day);
    await settle();
    expect(problem(await registry.call(panel[1]!, 'review.claim', {}))).toEqual(['not-found']);
    expect(await inspectionsIn(reversed)).toMatchObject([{ why: 'cause', state: 'undecided' }]);
    expect(await items()).toEqual([]);
  });

  test('is an error where the second says another cause, or that the record was right', async () => {
    await vote();
    await second({ outcome: 'failed', cause: 'victim' });
    await vote();
    const taken = await takeInspection(registry, panel[1]!);
    resultOf(await deliverInspection(registry, taken));
    resultOf(await registry.call(taken.by, 'evidence.confirm', { appeal: taken.item }));
    const { item: appeal, sanction, by } = taken;
    const passed = { outcome: 'passed' } as const;
    resultOf(await decide(registry, { by, sanction, appeal, decision: passed }));
    expect(await items()).toEqual([]);
  });

  test('is unknown to the second, who is another', async () => {
    await vote();
    expect(problem(await registry.call(panel[0]!, 'review.claim', {}))).toEqual(['not-found']);
    const { item } = await takeInspection(registry, panel[1]!);
    const read = resultOf(await registry.call(panel[1]!, 'review.get', { appeal: item }));
    const said = JSON.stringify([
      read,
      resultOf(await registry.call(panel[1]!, 'review.queue', {})),
    ]);
    expect(read).toMatchObject({ why: 'decision', again: { ground: 'authority' } });
    expect(said).not.toMatch(/authority-origin|"cause"|reversed/);
  });

  test('confirmed is told to the creator and counted, and nobody needs evidence that was not delivered', async () => {
    const reversed = await vote();
    await second(confirmed);
    expect(await inspectionsIn(reversed)).toMatchObject([
      { why: 'cause', cause: 'authority-origin' },
    ]);
    const { platforms, comparison } = await report(registry);
    const { harbour } = registry.parties;
    expect(platforms.find(({ platform }) => platform === harbour.id)?.totals).toMatchObject({
      'cause.asked': 1,
      'cause.authority-origin': 1,
    });
    expect(comparison.differences.filter(({ figure }) => figure.startsWith('cause'))).toEqual([]);
  });
});

describe('a group whose speech reviewers are asked about', () => {
  const held = async (sanction: string) => {
    const { state } = await sanctionOf(registry, sanction);
    return state === 'held';
  };

  test('has its new records held, for fourteen days at most; old ones answer on', async () => {
    const answering = await fiveRecords();
    const reversed = await vote();
    await second(confirmed);
    const { harbour } = registry.parties;
    expect(await eventsOf(registry, { ...reversed, party: harbour.id })).toContain('party-held');
    const fresh = await submit(registry);
    await notify(registry, fresh.id);
    registry.advance(13 * day);
    await settle();
    expect([await held(fresh.id), await causes(), await items()]).toEqual([true, [], asked]);
    // On a day that somebody works.
    registry.advance(5 * day);
    await settle();
    registry.advance(3 * day);
    await settle();
    expect(await items()).toEqual([{ kind: 'speech', outcome: 'refuse', by: 'deadline' }]);
    expect([await held(fresh.id), await answering()]).toEqual([false, 5]);
  });

  test('is suspended by three who did not name the cause; no operator lifts that, and what was held stays held', async () => {
    await vote();
    await second(confirmed);
    const fresh = await submit(registry);
    await notify(registry, fresh.id);
    const item = (await itemRows(registry))[0]!.id;
    registry.advance(10 * day);
    const seated = await seatedOf(registry, { item, among: panel });
    expect(seated.some((key) => key === panel[0] || key === panel[1])).toBe(false);
    await allVote(registry, {
      item,
      among: seated.slice(0, 3),
      outcomes: ['suspend', 'suspend', 'refuse'],
    });
    expect([await causes(), await submits()]).toEqual([['speech'], 'party-suspended']);
    const restored = await byBoth(registry, 'platforms.restore', {
      party: platformId(registry.parties.harbour),
    });
    expect(problem(restored)).toEqual(['state-conflict', 'not-by-operators']);
    registry.advance(20 * day);
    await settle();
    expect(await held(fresh.id)).toBe(true);
    expect(await items()).toHaveLength(1);
  });

  test('is asked about by those who named the cause only where nobody else is there', async () => {
    await vote();
    await second(confirmed);
    const item = (await itemRows(registry))[0]!.id;
    for (const { holder } of panel.slice(4)) {
      await sql`update holders set term_until = '2020-01-01' where id = ${holder}`.execute(
        registry.ownerDb,
      );
    }
    registry.advance(10 * day);
    const seated = await seatedOf(registry, { item, among: panel.slice(0, 4) });
    expect(seated).toHaveLength(4);
  });
});

describe('expression', () => {
  const expression = { outcome: 'reversed', cause: 'expression' } as const;

  test('is no cause on a fraud record that nobody appealed as speech', async () => {
    const theCase = await newCase(registry);
    const { id: appeal } = await appealCase(registry, theCase, { ground: 'facts-wrong' });
    await claimCase(registry, panel[0]!, appeal);
    const of = { ...theCase, appeal, by: panel[0]! };
    expect(problem(await decide(registry, { ...of, decision: expression }))).toEqual([
      'invalid-input',
      'not-about-speech',
    ]);
  });

  test('twice by one reviewer stops nothing, and twice by two holds what is new', async () => {
    const answering = await fiveRecords();
    for (let n = 0; n < 2; n++) await vote(expression, { ground: 'expression' });
    expect([await items(), await causes()]).toEqual([[], []]);
    for (let n = 0; n < 2; n++) {
      await second({ outcome: 'failed', cause: 'expression' });
      expect(await items()).toEqual(n === 0 ? [] : asked);
    }
    expect([await submits(), await answering()]).toEqual(['accepted', 5]);
  });

  test('of which two reviewers of one appeal disagree is an error', async () => {
    const theCase = await newCase(registry, { statement: impersonation(), shown: true });
    const { id: appeal } = await appealCase(registry, theCase, { ground: 'expression' });
    for (const [n, decision] of [expression, { outcome: 'dismissed' } as const].entries()) {
      const by = panel[n]!;
      await claimCase(registry, by, appeal);
      resultOf(await decide(registry, { ...theCase, appeal, by, decision }));
    }
    expect(await sanctionOf(registry, theCase.sanction)).toMatchObject({ cause: 'error' });
    expect(problem(await registry.call(panel[2]!, 'review.claim', {}))).toEqual(['not-found']);
  });
});

test('no server confirms a cause by one vote, nor suspends for it, by SQL', async () => {
  const attack = (statement: string): Promise<string> =>
    sqlState(sql.raw(statement).execute(registry.db));
  const { appeal } = await vote();
  const { id } = await registry.db
    .selectFrom('inspections')
    .select('id')
    .where('appeal', '=', appeal)
    .executeTakeFirstOrThrow();
  const at = `'${registry.now().toISOString()}'`;
  const confirm = `update inspections set closed_at = ${at}, closed_as = 'decided', outcome = 'failed',
    cause = 'authority-origin' where id = '${id}'`;
  expect(await attack(confirm)).toBe('23514');
  const suspend = `insert into party_suspensions (party, cause, since)
    values ('${registry.parties.harbour.id}', 'authority-origin', ${at})`;
  expect(await attack(suspend)).toBe('42501');
  const open = await newCase(registry);
  const { id: other } = await appealCase(registry, open, { ground: 'authority' });
  const decided = `update appeals set closed_at = ${at}, closed_as = 'decided', outcome = 'reversed',
    cause = 'authority-origin' where id = '${other}'`;
  expect(await attack(decided)).toBe('23514');
  const free = [
    'drop trigger inspections_decided on inspections',
    'alter policy party_suspensions_decided on party_suspensions with check (true)',
    'drop trigger appeals_cause_confirmed on appeals',
  ];
  for (const control of free) await sql.raw(control).execute(registry.ownerDb);
  expect([await attack(confirm), await attack(suspend), await attack(decided)]).toEqual([
    'accepted',
    'accepted',
    'accepted',
  ]);
});
