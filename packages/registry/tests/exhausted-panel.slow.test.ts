import type { Id } from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  advanceTo,
  appealCase,
  appealOf,
  assign,
  day,
  decide,
  deliver,
  newCase,
  notify,
  sanctionOf,
  startAppealRegistry,
  takeWithKey,
  type Reviewer,
  type TestCase,
} from './appeals-harness.ts';
import { appealInput, caseAbout, findByEmail } from './cases-fixture.ts';
import { resultOf } from './checks-fixture.ts';
import { accusedHarbour, castVote, closedAppeals, itemRows, seatedOf } from './panel-harness.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
  await leave(registry.parties.reserve);
});
afterEach(() => registry.close());

/** Their seats on the panel are over, or go on. */
async function leave(keys: readonly TestKey[], at: Date | null = registry.now()): Promise<void> {
  const holders = keys.map(({ holder }) => holder);
  await registry.ownerDb
    .updateTable('holders')
    .set({ removed_at: at })
    .where('id', 'in', holders)
    .execute();
}

const assigned = async (key: TestKey): Promise<string[]> => {
  const answer = await assign(registry, key);
  return answer.status === 200 ? [answer.body.result.appeal] : problem(answer);
};

/** A later appeal by who was heard, after the wait. */
async function again(theCase: TestCase): Promise<Id<'apl'>> {
  registry.advance(91 * day);
  return (await appealCase(registry, theCase, { news: 'Somebody else confessed.' })).id;
}

async function take(by: TestKey, appeal: string): Promise<Reviewer> {
  expect(await assigned(by)).toEqual([appeal]);
  return takeWithKey(registry, by, appeal);
}

/** One reviewer upholds an appeal alone. */
async function upheldBy(by: TestKey, theCase: TestCase & { appeal: Id<'apl'> }): Promise<void> {
  const reviewer = await take(by, theCase.appeal);
  await heard(theCase, [reviewer]);
  const decision = { outcome: 'upheld' } as const;
  expect(resultOf(await decide(registry, { ...theCase, by, decision }))).toMatchObject({
    state: 'decided',
  });
}

/** Evidence is there, and the creator answered its gist. */
async function heard(
  { appeal, key }: TestCase & { appeal: Id<'apl'> },
  reviewers: readonly Reviewer[],
): Promise<void> {
  const by = reviewers[0]!.key;
  const gist = { appeal, kind: 'gist', text: 'It shows a page.' } as const;
  const { question } = resultOf(await registry.call(by, 'review.ask', gist)) as {
    question: Id<'qst'>;
  };
  resultOf(await deliver(registry, { appeal, to: reviewers }));
  resultOf(await registry.call(by, 'evidence.confirm', { appeal }));
  const answer = { key, text: 'That was sold.', question };
  expect((await registry.caseCall('case.addInformation', answer)).status).toBe(200);
}

/** A record on which each of the three decided once, and an appeal that nobody new could hear. */
async function exhausted(): Promise<TestCase & { appeal: Id<'apl'> }> {
  const theCase = await newCase(registry);
  let { id: appeal } = await appealCase(registry, theCase);
  for (const by of registry.parties.panel) {
    await upheldBy(by, { ...theCase, appeal });
    appeal = await again(theCase);
  }
  return { ...theCase, appeal };
}

const upheld = { outcome: 'upheld' } as const;
const vote = (theCase: TestCase & { appeal: Id<'apl'> }, by: TestKey, decision: object = upheld) =>
  decide(registry, { ...theCase, by, decision });

describe('an appeal that nobody new could hear', () => {
  test('is heard by the two who decided longest ago, blind to each other', async () => {
    const [first, second, third] = registry.parties.panel;
    const theCase = await exhausted();
    expect(await assigned(third)).toEqual(['not-found']);
    const one = await take(first, theCase.appeal);
    expect(await assigned(third)).toEqual(['not-found']);
    await heard(theCase, [one, await take(second, theCase.appeal)]);
    expect(resultOf(await vote(theCase, first))).toEqual({
      appeal: theCase.appeal,
      state: 'awaiting-another',
      recalls: 0,
    });
    expect(problem(await vote(theCase, first))).toEqual(['already-decided']);
    expect(resultOf(await vote(theCase, second))).toMatchObject({ outcome: 'upheld' });
  });

  test('is won where they differ', async () => {
    const [first, second] = registry.parties.panel;
    const theCase = await exhausted();
    await heard(theCase, [await take(first, theCase.appeal), await take(second, theCase.appeal)]);
    await vote(theCase, second);
    const reversed = { outcome: 'reversed', cause: 'error' } as const;
    expect(resultOf(await vote(theCase, first, reversed))).toMatchObject({ outcome: 'reversed' });
  });

  test('waits for nobody who stays away: late, any who decided sits', async () => {
    const [first, , third] = registry.parties.panel;
    const theCase = await exhausted();
    await take(first, theCase.appeal);
    const { claimDueAt } = await appealOf(registry, theCase.appeal);
    advanceTo(registry, claimDueAt, -60);
    expect(await assigned(third)).toEqual(['not-found']);
    advanceTo(registry, claimDueAt);
    await take(third, theCase.appeal);
  });

  test('says so to the creator and to the submitter', async () => {
    const [first] = registry.parties.panel;
    const theCase = await exhausted();
    const again = async () => {
      const { body } = await registry.caseCall('case.open', { code: theCase.key });
      const appeals: { reviewersAgain?: number }[] = body.result.data.case.appeals;
      const read = await appealOf(registry, theCase.appeal);
      return [...appeals.map((one) => one.reviewersAgain), read.reviewersAgain];
    };
    const none = [undefined, undefined, undefined];
    expect(await again()).toEqual([...none, undefined, undefined]);
    await take(first, theCase.appeal);
    expect(await again()).toEqual([...none, 1, 1]);
  });

  test('is heard by somebody new, where there is one, and by nobody who gave the record back', async () => {
    const [first, second, third] = registry.parties.panel;
    const { reserve } = registry.parties;
    const theCase = await exhausted();
    await leave(reserve.slice(0, 1), null);
    expect(await assigned(first)).toEqual(['not-found']);
    const appeal = theCase.appeal;
    await take(reserve[0]!, appeal);
    resultOf(await registry.call(reserve[0]!, 'review.recuse', { appeal, why: 'acquaintance' }));
    // Nobody is left again; who sits and gives it back does not come again.
    await take(first, appeal);
    resultOf(await registry.call(first, 'review.recuse', { appeal, why: 'acquaintance' }));
    expect(await assigned(first)).toEqual(['not-found']);
    await heard(theCase, [await take(second, appeal), await take(third, appeal)]);
    await vote(theCase, second);
    resultOf(await vote(theCase, third));
  });
});

describe('five addresses that appeal one after the other, before four reviewers', () => {
  test('are all heard, the last by those who decided longest ago', async () => {
    const { panel, reserve } = registry.parties;
    await leave(reserve.slice(0, 1), null);
    const addresses = [1, 2, 3, 4, 5].map((n) => `play${n}@mail.example`);
    const { sanction } = await caseAbout(
      registry,
      addresses.map((address) => ['email', address]),
    );
    await notify(registry, { sanction: sanction as Id<'snc'> });
    const reviewers = [...panel, reserve[0]!];
    const heardBy: number[] = [];
    for (const address of addresses) {
      const key = `${(await findByEmail(registry, address)).newKey}.1`;
      const opened = await registry.caseCall('case.appeal', { key, ...appealInput });
      const { appeal } = opened.body.result.data;
      const theCase = { sanction: sanction as Id<'snc'>, key, claimant: '', tokens: [], appeal };
      const seated: Reviewer[] = [];
      for (const by of reviewers) {
        const [got] = await assigned(by);
        if (got === appeal) seated.push(await takeWithKey(registry, by, appeal));
      }
      heardBy.push(seated.length);
      if (seated.length > 0) await heard(theCase, seated);
      for (const { key: by } of seated) resultOf(await vote(theCase, by));
    }
    registry.advance(200 * day);
    const { state } = await sanctionOf(registry, sanction);
    expect({ heardBy, state }).toEqual({ heardBy: [1, 1, 1, 1, 2], state: 'visible' });
  });
});

describe('by SQL as well', () => {
  const forbidden = '42501';
  const sit = (appeal: string, { holder, kid }: TestKey & { holder: string; kid: string }) =>
    sql`insert into assignments (review, sanction, holder, kid, at, expires_at, batch)
      select id, sanction, ${holder}, ${kid}, ${registry.now()}, ${registry.now()}, id
      from appeals where id = ${appeal}`.execute(registry.db);
  const byTwo = (appeal: string) =>
    sql`update appeals set reviewers = 2 where id = ${appeal}`.execute(registry.db);

  test('nobody sits again while somebody new is left, and two in place of one', async () => {
    const [first, , third] = registry.parties.panel;
    const { reserve } = registry.parties;
    const { appeal } = await exhausted();
    expect(await sqlState(sit(appeal, first))).toBe(forbidden);
    await byTwo(appeal);
    expect(await sqlState(sit(appeal, third))).toBe(forbidden);
    await leave(reserve.slice(0, 1), null);
    expect(await sqlState(sit(appeal, first))).toBe(forbidden);
    await leave(reserve.slice(0, 1));
    expect(await sqlState(sit(appeal, first))).toBe('accepted');
  });

  test('none but by that rule', async () => {
    const { appeal } = await exhausted();
    const attack = () => sqlState(sit(appeal, registry.parties.panel[0]));
    expect(await attack()).toBe(forbidden);
    await sql`alter policy assignments_independent on assignments with check (true)`.execute(
      registry.ownerDb,
    );
    expect(await attack()).toBe('accepted');
  });

  test('nobody decides alone who decided about the record before', async () => {
    const [first, second] = registry.parties.panel;
    const theCase = await exhausted();
    const reviewers = [await take(first, theCase.appeal), await take(second, theCase.appeal)];
    await heard(theCase, reviewers);
    resultOf(await vote(theCase, first));
    const close = () =>
      sqlState(
        sql`update appeals set closed_at = ${registry.now()}, closed_as = 'decided', outcome = 'upheld'
          where id = ${theCase.appeal}`.execute(registry.db),
      );
    expect(await close()).toBe('23514');
    await sql`drop trigger appeals_not_alone on appeals`.execute(registry.ownerDb);
    expect(await close()).toBe('accepted');
  });
});

describe('a suspension', () => {
  test('is decided by those who decided its cases longest ago, as far as too few are new to them', async () => {
    const { panel, reserve } = registry.parties;
    await leave(reserve, null);
    for (const [n, by] of panel.entries()) {
      const theCase = await newCase(registry);
      const closedAt = new Date(registry.now().getTime() + (3 - n) * 1000);
      registry.advance(60);
      const upheldBefore = {
        as: 'decided',
        outcome: 'upheld',
        proven: true,
        closedAt,
        by,
      } as const;
      await closedAppeals(registry, theCase, [upheldBefore]);
    }
    const item = await accusedHarbour(registry);
    const among = [...panel, ...reserve];
    // Three are asked: two are new, and of the others it is the one who decided first.
    expect(await seatedOf(registry, { item, among })).toEqual([panel[0], ...reserve]);
    const ballot = (by: TestKey) => castVote(registry, { by, item, outcome: 'refuse' });
    expect(problem(await ballot(panel[1]))).toEqual(['not-found']);
    for (const by of [panel[0], ...reserve]) resultOf(await ballot(by));
    expect((await itemRows(registry)).at(-1)).toMatchObject({ closed_by: 'votes' });
  });
});
