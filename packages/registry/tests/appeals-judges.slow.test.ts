import { type TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  appealCase,
  assign,
  claimCase,
  day,
  decide,
  newCase,
  startAppealRegistry,
} from './appeals-harness.ts';
import { askNew, resultOf } from './checks-fixture.ts';
import { problem } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
  // What is due on a weekend is due at one instant: the order of what is due shows on other days alone.
  while (registry.now().getUTCDay() !== 3) registry.advance(day);
});
afterEach(() => registry.close());

const appealed = async (told?: readonly []): Promise<`apl_${string}`> =>
  (await appealCase(registry, await newCase(registry, told ? { told } : {}))).id;
const assigned = async (key = registry.parties.panel[0]): Promise<string> =>
  (resultOf(await assign(registry, key)) as { appeal: string }).appeal;

const affiliate = async (party: string, until: Date | null) =>
  registry.db
    .insertInto('affiliations')
    .values({ holder: registry.parties.panel[0].holder, party, until })
    .execute();

test('whoever works for the submitter is assigned nothing of its records', async () => {
  const { harbour, market, panel } = registry.parties;
  await appealed();
  await affiliate(harbour.id, null);
  expect(problem(await assign(registry, panel[0]))).toEqual(['not-found']);
  await registry.ownerDb.deleteFrom('affiliations').execute();
  await affiliate(market.id, null);
  await assigned(panel[0]);
});

test('whoever works for a platform told comes after others for 2 d', async () => {
  const { tubely, panel } = registry.parties;
  const told = await appealed();
  registry.advance(60);
  const other = await appealed([]);
  await affiliate(tubely.id, null);
  expect(await assigned(panel[0])).toBe(other);
  expect(await assigned(panel[1])).toBe(told);
  const later = await appealed();
  registry.advance(60);
  await appealed([]);
  registry.advance(2 * day);
  resultOf(await registry.call(panel[0], 'review.recuse', { appeal: other, why: 'workload' }));
  expect(await assigned(panel[0])).toBe(later);
});

test('a reviewer who is no longer independent loses the case', async () => {
  const { harbour, panel } = registry.parties;
  const appeal = await appealed();
  await claimCase(registry, panel[0], appeal);
  expect(problem(await assign(registry, panel[1]))).toEqual(['not-found']);
  await affiliate(harbour.id, null);
  await claimCase(registry, panel[1], appeal);
  expect(problem(await registry.call(panel[0], 'review.get', { appeal: appeal }))).toEqual([
    'not-found',
  ]);
});

test('who was told takes no case from its reviewer, and everybody on it reads of the affiliation', async () => {
  const { harbour, market, panel } = registry.parties;
  const theCase = await newCase(registry);
  const { id: appeal } = await appealCase(registry, theCase);
  await claimCase(registry, panel[0], appeal);
  await affiliate(market.id, null);
  const toldReviewers = async () => {
    const reviewer = await registry.call(panel[0], 'review.get', { appeal });
    const submitter = await registry.call(harbour.service, 'appeals.get', { appeal });
    const creator = await registry.caseCall('case.open', { code: theCase.key });
    const read = [reviewer, submitter].map(({ body }) => body.result?.toldReviewers);
    return [...read, creator.body.result.data.case.appeals[0].toldReviewers];
  };
  expect(await toldReviewers()).toEqual([undefined, undefined, undefined]);
  // The accused signs up where the reviewer works.
  resultOf(await askNew(registry, market, [theCase.tokens[0]!]));
  expect(await toldReviewers()).toEqual([1, 1, 1]);
  const decision = { outcome: 'reversed', cause: 'error' } as const;
  resultOf(await decide(registry, { ...theCase, appeal, by: panel[0], decision }));
  expect((await toldReviewers()).slice(1)).toEqual([1, 1]);
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
