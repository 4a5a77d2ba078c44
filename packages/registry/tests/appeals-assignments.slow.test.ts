import { toTimestamp, type Id } from '@recourse/protocol';
import {
  seedPlatform,
  testOrigin,
  type TestKey,
  type TestPlatform,
  type TestRegistry,
} from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dueAt } from '@recourse/protocol/review';
import {
  appealCase,
  assign,
  claimCase,
  day,
  decide,
  deliver,
  impersonation,
  newCase,
  seatAs,
  startAppealRegistry,
  takeWithKey,
  type Reviewer,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { setGroup } from './groups-harness.ts';
import { entriesOf } from './recalls-fixture.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
/** What would be due on a Saturday or Sunday is due at one instant: the order of what is due shows on other days alone. */
const toWednesday = (at: TestRegistry): void =>
  at.advance(((3 - at.now().getUTCDay() + 7) % 7) * day);

beforeEach(async () => {
  registry = await startAppealRegistry();
  toWednesday(registry);
});
afterEach(() => registry.close());

const appealed = async (options: Parameters<typeof appealCase>[2] = {}): Promise<string> =>
  (await appealCase(registry, await newCase(registry), options)).id;
const appealBy = async (by: TestPlatform): Promise<string> =>
  (await appealCase(registry, await newCase(registry, { by, told: [] }))).id;
const speechAppealed = async (): Promise<string> => {
  const theCase = await newCase(registry, { statement: impersonation() });
  return (await appealCase(registry, theCase, { ground: 'expression' })).id;
};

const openAssignments = async () =>
  registry.db
    .selectFrom('assignments')
    .select(['review', 'holder'])
    .where('released_at', 'is', null)
    .execute();

const appealId = (id: string) => id as `apl_${string}`;
const assigned = async (key = registry.parties.panel[0]): Promise<string> =>
  (resultOf(await assign(registry, key)) as { appeal: string }).appeal;

describe('cases are assigned, not picked', () => {
  test('two reviewers at once never get the same place', async () => {
    const [one, two] = [await appealed(), await appealed()];
    const { panel } = registry.parties;
    const answers = await Promise.all(
      [...panel, ...panel].map((key) => registry.call(key, 'review.claim', {})),
    );
    const got = await openAssignments();
    expect(got.map(({ review }) => review).toSorted()).toEqual([one, two].toSorted());
    expect(new Set(got.map(({ holder }) => holder)).size).toBe(2);
    // Each of the two is told the same twice, the third nothing.
    const assigned = answers.map((answer, i) =>
      [i % 3, answer.body.result?.appeal ?? 'none'].join(),
    );
    expect(new Set(assigned).size).toBe(3);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(2);
  });

  test('two places of one appeal go to two, and no third', async () => {
    await speechAppealed();
    const { panel } = registry.parties;
    await Promise.all([...panel, ...panel].map((key) => registry.call(key, 'review.claim', {})));
    expect(await openAssignments()).toHaveLength(2);
  });

  test('what is due first comes first; among what is not late yet, own languages', async () => {
    // Nothing of it is due on a weekend.
    while (registry.now().getUTCDay() !== 3) registry.advance(day);
    const first = await appealed({ language: 'de' });
    registry.advance(day);
    const second = await appealed({ language: 'fr-CA' });
    const [one, two, three] = registry.parties.panel;
    for (const key of [one, three]) await seatAs(registry, key, { languages: ['en', 'fr'] });
    expect(await assigned(one)).toBe(second);
    expect(await assigned(two)).toBe(first);
    await registry.call(two, 'review.recuse', {
      appeal: first as `apl_${string}`,
      why: 'language',
    });
    await registry.call(one, 'review.recuse', {
      appeal: second as `apl_${string}`,
      why: 'language',
    });
    registry.advance(4.5 * day);
    expect(await assigned(three)).toBe(first);
  });

  test('asked again, a reviewer is told what they were assigned', async () => {
    const appeal = await appealed();
    await appealed();
    expect([await assigned(), await assigned()]).toEqual([appeal, appeal]);
    await takeWithKey(registry, registry.parties.panel[0], appeal);
    expect(await assigned()).not.toBe(appeal);
  });

  test('an assignment that nobody took goes to somebody else, and does not come back', async () => {
    const appeal = await appealed();
    const [one, two] = registry.parties.panel;
    expect(await assigned(one)).toBe(appeal);
    expect(problem(await assign(registry, two))).toEqual(['not-found']);
    registry.advance(14 * day - 60);
    expect(problem(await assign(registry, two))).toEqual(['not-found']);
    registry.advance(61);
    expect(problem(await assign(registry, one))).toEqual(['not-found']);
    expect(problem((await takeWithKey(registry, one, appeal)).answer)).toEqual(['not-found']);
    expect(await assigned(two)).toBe(appeal);
    expect(await openAssignments()).toHaveLength(1);
  });

  test('what was given back does not come back', async () => {
    const appeal = (await appealed()) as `apl_${string}`;
    const [one, two] = registry.parties.panel;
    await claimCase(registry, one, appeal);
    resultOf(await registry.call(one, 'review.recuse', { appeal, why: 'acquaintance' }));
    expect(problem(await assign(registry, one))).toEqual(['not-found']);
    await claimCase(registry, two, appeal);
  });

  test('five are given back in 30 days; more need the panel’s admin, and each is in the ledger', async () => {
    const [admin, by] = registry.parties.panel;
    const recuse = async () => {
      const appeal = appealId(await assigned(by));
      return registry.call(by, 'review.recuse', { appeal, why: 'workload' });
    };
    for (let n = 0; n < 6; n++) await appealed();
    for (let n = 0; n < 5; n++) resultOf(await recuse());
    expect(await entriesOf(registry, 'recused')).toHaveLength(5);
    expect(problem(await recuse())).toEqual(['state-conflict', 'too-many-recusals']);
    const excuse = (key: TestKey) =>
      registry.call(key, 'review.excuse', { holder: by.holder as Id<'hld'> });
    expect(problem(await excuse(by))).toEqual(['invalid-input', 'another-holder']);
    resultOf(await excuse(admin));
    resultOf(await recuse());
  });

  test('who has voted and waits for the other reviewer may take the next', async () => {
    const [by] = registry.parties.panel;
    for (let n = 0; n < 11; n++) {
      const theCase = await newCase(registry, { told: [], statement: impersonation() });
      const { id: appeal } = await appealCase(registry, theCase, { ground: 'expression' });
      await claimCase(registry, by, appeal);
      const decision = { outcome: 'reversed', cause: 'error' } as const;
      const vote = resultOf(await decide(registry, { ...theCase, appeal, by, decision }));
      expect(vote).toMatchObject({ state: 'awaiting-another' });
    }
  });

  test('what waits for evidence or an answer is not the reviewer’s; ten that wait for them, and no more', async () => {
    const [by] = registry.parties.panel;
    const owed: [string, Reviewer][] = [];
    for (let n = 0; n < 11; n++) {
      const appeal = await appealed();
      owed.push([appeal, await claimCase(registry, by, appeal)]);
    }
    const next = await appealed();
    for (const [appeal, reviewer] of owed.slice(1)) {
      resultOf(await deliver(registry, { appeal, to: [reviewer] }));
    }
    expect(problem(await assign(registry, by))).toEqual(['state-conflict', 'too-many-open']);
    const gist = { appeal: appealId(owed[5]![0]), kind: 'gist', text: 'It shows a page.' } as const;
    resultOf(await registry.call(by, 'review.ask', gist));
    expect(await assigned(by)).toBe(next);
  }, 120_000);

  test('groups take turns, however many appeals wait on the records of one', async () => {
    const { tubely, market, panel } = registry.parties;
    const flood = [await appealed(), await appealed(), await appealed()];
    const others = [await appealBy(tubely), await appealBy(market)];
    const order: string[] = [];
    for (let n = 0; n < 5; n++) {
      const by = panel[n % 3]!;
      order.push(await assigned(by));
      await takeWithKey(registry, by, order[n]!);
    }
    // One turn each, then those of the group that more wait of.
    expect(order.slice(0, 3).filter((one) => flood.includes(one))).toHaveLength(1);
    expect(order.slice(0, 3)).toEqual(expect.arrayContaining(others));
    expect(order.slice(3)).toEqual(flood.slice(1));
  });

  test('a group’s turn is one, whatever companies it has, and what a company left counts to it', async () => {
    const { tubely, market, panel } = registry.parties;
    await setGroup(registry, tubely, 'harbour');
    // In a group of its own by now: it counts to the one that it left for 24 months.
    await sql`insert into party_groups (party, group_name, since, until)
      values (${market.id}, 'harbour', ${new Date('2020-01-01')}, ${registry.now()})`.execute(
      registry.ownerDb,
    );
    const hopping = [await appealBy(tubely), await appealBy(market), await appealed()];
    const other = await seedPlatform(
      { db: registry.db, audience: testOrigin, now: registry.now(), registeredFor: 365 },
      'Zest',
    );
    const quiet = await appealBy(other);
    const order: string[] = [];
    for (let n = 0; n < 4; n++) {
      const by = panel[n % 3]!;
      order.push(await assigned(by));
      await takeWithKey(registry, by, order[n]!);
    }
    // By the group of its registration each company would have a turn before it.
    expect(order.indexOf(quiet)).toBe(2);
    expect(order).toEqual(expect.arrayContaining(hopping));
  });

  test('which of a group’s next ten is drawn, and not chosen', async () => {
    const drawing = await startAppealRegistry({ place: (below) => below - 1 });
    try {
      toWednesday(drawing);
      const appeals: string[] = [];
      for (let n = 0; n < 11; n++) {
        appeals.push((await appealCase(drawing, await newCase(drawing))).id);
      }
      const assigned = resultOf(await assign(drawing, drawing.parties.panel[0])) as {
        appeal: string;
      };
      expect(assigned.appeal).toBe(appeals[9]);
    } finally {
      await drawing.close();
    }
  }, 60_000);

  test('an assignment that waited fourteen days for its reviewer goes to another', async () => {
    const [one, two] = registry.parties.panel;
    const appeal = await appealed();
    const reviewer = await claimCase(registry, one, appeal);
    registry.advance(2 * day);
    resultOf(await deliver(registry, { appeal, to: [reviewer] }));
    registry.advance(14 * day - 60);
    expect(problem(await assign(registry, two))).toEqual(['not-found']);
    registry.advance(120);
    expect(await assigned(two)).toBe(appeal);
    const answer = await registry.call(one, 'review.get', { appeal: appealId(appeal) });
    expect(problem(answer)).toEqual(['not-found']);
  });
});

describe('what a reviewer is assigned', () => {
  test('speech comes first, and what somebody should have taken already before it', async () => {
    const [one, two, three] = registry.parties.panel;
    // From a Monday: what is due in two days is due before what is due in five.
    while (registry.now().getUTCDay() !== 1) registry.advance(day);
    const old = await appealed();
    registry.advance(day);
    const speech = await speechAppealed();
    expect(await assigned(one)).toBe(speech);
    registry.advance(15 * day);
    const queue = resultOf(await registry.call(two, 'review.queue', {})) as {
      waiting: { overdue: number };
    };
    expect(queue.waiting.overdue).toBe(2);
    // Both are late by now; speech first.
    expect([await assigned(two), await assigned(three)]).toEqual([speech, speech]);
    expect(await assigned(one)).toBe(old);
  });

  test('speech is to be taken within 2 d, anything else within 5 d', async () => {
    const due = async (appeal: string, days: number) => {
      const { openedAt, claimDueAt } = (
        await registry.call(registry.parties.harbour.trust, 'appeals.get', {
          appeal: appealId(appeal),
        })
      ).body.result;
      expect(claimDueAt).toBe(toTimestamp(dueAt(new Date(openedAt), 24 * days)));
    };
    await due(await speechAppealed(), 2);
    await due(await appealed(), 5);
  });

  test('the language of the case counts for 2 d, then anyone is assigned', async () => {
    const german = await appealed({ language: 'de' });
    registry.advance(day / 24);
    for (let n = 0; n < 2; n++) await appealed({ language: 'fr' });
    const [one, two] = registry.parties.panel;
    for (const key of [one, two]) await seatAs(registry, key, { languages: ['fr'] });
    registry.advance(2 * day - day / 16);
    expect(await assigned(one)).not.toBe(german);
    registry.advance(day / 24);
    expect(await assigned(two)).toBe(german);
  });

  test('nothing of a code that they opted out of in their invitation', async () => {
    const [by, other] = registry.parties.panel;
    const appeal = await appealed();
    await seatAs(registry, by, { optOut: ['fraud.phishing'] });
    expect(problem(await assign(registry, by))).toEqual(['not-found']);
    const queue = resultOf(await registry.call(by, 'review.queue', {}));
    expect(queue).toMatchObject({ waiting: { all: 1, eligible: 0 } });
    expect(await assigned(other)).toBe(appeal);
  });

  test('nothing of a case that they gave back, also of a later appeal', async () => {
    const [by, other] = registry.parties.panel;
    const theCase = await newCase(registry, { told: [] });
    const { id } = await appealCase(registry, theCase);
    expect(await assigned(by)).toBe(id);
    resultOf(await registry.call(by, 'review.recuse', { appeal: id, why: 'acquaintance' }));
    await claimCase(registry, other, id);
    const decision = { outcome: 'dismissed' } as const;
    resultOf(await decide(registry, { ...theCase, appeal: id, by: other, decision }));
    registry.advance(91 * day);
    const later = await appealCase(registry, theCase, { news: 'A receipt that I found.' });
    for (const key of [by, other])
      expect(problem(await assign(registry, key))).toEqual(['not-found']);
    expect(await sqlState(insertAssignmentOf(later, by))).toBe('42501');
    await sql`alter policy assignments_independent on assignments with check (true)`.execute(
      registry.ownerDb,
    );
    expect(await sqlState(insertAssignmentOf(later, by))).toBe('accepted');
  });

  const insertAssignmentOf = (
    { id, sanction }: { id: string; sanction: string },
    { holder, kid }: (typeof registry.parties.panel)[0],
  ) =>
    sql`insert into assignments (review, sanction, holder, kid, at, expires_at, batch)
      values (${id}, ${sanction}, ${holder}, ${kid}, ${registry.now()}, ${registry.now()}, ${id})`.execute(
      registry.db,
    );
});
