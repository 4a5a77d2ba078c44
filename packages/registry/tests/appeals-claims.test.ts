import type { TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  appealCase,
  assign,
  claimCase,
  day,
  decide,
  newCase,
  startAppealRegistry,
  takeWithKey,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { problem } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

const appealed = async (options: Parameters<typeof appealCase>[2] = {}): Promise<string> =>
  (await appealCase(registry, await newCase(registry), options)).id;

const seats = async () =>
  registry.db
    .selectFrom('claims')
    .select(['appeal', 'holder'])
    .where('released_at', 'is', null)
    .execute();

const assigned = async (key = registry.parties.panel[0]): Promise<string> =>
  (resultOf(await assign(registry, key)) as { appeal: string }).appeal;

describe('cases are assigned, not picked', () => {
  test('two reviewers at once never get the same seat', async () => {
    const [one, two] = [await appealed(), await appealed()];
    const { panel } = registry.parties;
    const answers = await Promise.all(
      [...panel, ...panel].map((key) => registry.call(key, 'review.claim', {})),
    );
    const got = await seats();
    expect(got.map(({ appeal }) => appeal).toSorted()).toEqual([one, two].toSorted());
    expect(new Set(got.map(({ holder }) => holder)).size).toBe(2);
    // Each of the two is told the same twice, the third nothing.
    const told = answers.map((answer, i) => [i % 3, answer.body.result?.appeal ?? 'none'].join());
    expect(new Set(told).size).toBe(3);
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(2);
  });

  test('two seats of one appeal go to two, and no third', async () => {
    await appealed({ ground: 'expression' });
    const { panel } = registry.parties;
    await Promise.all([...panel, ...panel].map((key) => registry.call(key, 'review.claim', {})));
    expect(await seats()).toHaveLength(2);
  });

  test('what lapses first comes first; among what is not late yet, own languages', async () => {
    const first = await appealed({ language: 'de' });
    registry.advance(day);
    const second = await appealed({ language: 'fr-CA' });
    const [one, two, three] = registry.parties.panel;
    const inFrench = await registry.call(one, 'review.claim', { languages: ['fr'] });
    expect((resultOf(inFrench) as { appeal: string }).appeal).toBe(second);
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
    const late = await registry.call(three, 'review.claim', { languages: ['fr'] });
    expect((resultOf(late) as { appeal: string }).appeal).toBe(first);
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
    registry.advance(day + 1);
    expect(problem(await assign(registry, one))).toEqual(['not-found']);
    expect(problem((await takeWithKey(registry, one, appeal)).answer)).toEqual(['not-found']);
    expect(await assigned(two)).toBe(appeal);
    expect(await seats()).toHaveLength(1);
  });

  test('what was given back does not come back', async () => {
    const appeal = (await appealed()) as `apl_${string}`;
    const [one, two] = registry.parties.panel;
    await claimCase(registry, one, appeal);
    resultOf(await registry.call(one, 'review.recuse', { appeal, why: 'acquaintance' }));
    expect(problem(await assign(registry, one))).toEqual(['not-found']);
    await claimCase(registry, two, appeal);
  });

  test('who has voted and waits for the other reviewer may take the next', async () => {
    const [by] = registry.parties.panel;
    for (let n = 0; n < 11; n++) {
      const theCase = await newCase(registry, { told: [] });
      const { id: appeal } = await appealCase(registry, theCase, { ground: 'expression' });
      await claimCase(registry, by, appeal);
      const decision = { outcome: 'reversed', cause: 'error' } as const;
      const vote = resultOf(await decide(registry, { ...theCase, appeal, by, decision }));
      expect(vote).toMatchObject({ state: 'awaiting-second' });
    }
  });

  test('ten open claims of one reviewer, and no more', async () => {
    for (let n = 0; n < 11; n++) {
      const appeal = await appealed();
      if (n < 10) await claimCase(registry, registry.parties.panel[0], appeal);
    }
    expect(problem(await assign(registry, registry.parties.panel[0]))).toEqual([
      'state-conflict',
      'too-many-open',
    ]);
  }, 120_000);
});

describe('independence', () => {
  const affiliate = async (party: string, until: Date | null) =>
    registry.db
      .insertInto('affiliations')
      .values({ holder: registry.parties.panel[0].holder, party, until })
      .execute();

  test('whoever works for the submitter or for a platform told is assigned nothing of theirs', async () => {
    const { harbour, tubely, market, panel } = registry.parties;
    await appealed();
    for (const party of [harbour.id, tubely.id]) {
      await affiliate(party, null);
      expect(problem(await assign(registry, panel[0]))).toEqual(['not-found']);
      await registry.ownerDb.deleteFrom('affiliations').execute();
    }
    await affiliate(market.id, null);
    await assigned(panel[0]);
  });

  test('a reviewer who is no longer independent loses the seat', async () => {
    const { tubely, panel } = registry.parties;
    const appeal = await appealed();
    await claimCase(registry, panel[0], appeal);
    expect(problem(await assign(registry, panel[1]))).toEqual(['not-found']);
    await affiliate(tubely.id, null);
    await claimCase(registry, panel[1], appeal);
    expect(
      problem(await registry.call(panel[0], 'review.get', { appeal: appeal as `apl_${string}` })),
    ).toEqual(['not-found']);
  });

  test('the queue counts what waits, and what of it the caller could take', async () => {
    const { harbour, panel } = registry.parties;
    await appealed();
    await appealed();
    const waiting = async () =>
      (resultOf(await registry.call(panel[0], 'review.queue', {})) as { waiting: object }).waiting;
    expect(await waiting()).toMatchObject({ all: 2, eligible: 2 });
    await assign(registry, panel[1]);
    expect(await waiting()).toMatchObject({ all: 1, eligible: 1 });
    await affiliate(harbour.id, null);
    expect(await waiting()).toMatchObject({ all: 1, eligible: 0 });
  });
});
