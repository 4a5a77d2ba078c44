import { recallsOwed } from '@recourse/protocol';
import type { TestPlatform, TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseOf } from '../src/vault/case-key-store.ts';
import { pairOf } from '../src/commit/changes.ts';
import { lift, suspend } from '../src/records/transition.ts';
import { resultOf, startCheckRegistry } from './checks-fixture.ts';
import { acknowledge, act, entriesOf, recallsOf, tell, tellAgain } from './recalls-fixture.ts';
import { problem, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const pause = (sanction: string) =>
  act(registry, sanction, (ctx, record) =>
    suspend(ctx, record, { cause: 'relief', since: ctx.now }),
  );
const reinstate = (sanction: string) =>
  act(registry, sanction, (ctx, record) => lift(ctx, record, { causes: ['relief'], at: ctx.now }));

const recallsFor = async (sanction: string, platform: TestPlatform) =>
  (await recallsOf(registry, sanction)).filter(({ party }) => party === platform.id);

const eventsAbout = (sanction: string) =>
  registry.db
    .selectFrom('events')
    .select(['type', 'body'])
    .where('sanction', '=', sanction)
    .where('party', '=', registry.parties.tubely.id)
    .orderBy('seq')
    .execute();

test('paused, corrected, undone: the later takes the place of the open earlier one', async () => {
  const { tubely } = registry.parties;
  const { sanction } = await tell(registry);
  await pause(sanction);
  await reinstate(sanction);
  resultOf(await withdraw(registry, sanction));
  const [first, second, third] = await recallsFor(sanction, tubely);
  expect([first, second, third].map((one) => [one!.kind, one!.version])).toEqual([
    ['pause', 2],
    ['correct', 3],
    ['undo', 4],
  ]);
  expect(first!.superseded_by).toBe(second!.id);
  expect(second!.superseded_by).toBe(third!.id);
  expect(third!.superseded_by).toBeNull();
  for (const old of [first!, second!]) {
    const action = old.kind === 'pause' ? 'paused' : 'corrected';
    expect(problem(await acknowledge(registry, old.id, { action }))).toEqual([
      'state-conflict',
      'superseded',
    ]);
  }
  expect(resultOf(await acknowledge(registry, third!.id))).toMatchObject({ open: 0 });
  expect(await eventsAbout(sanction)).toMatchObject([
    { type: 'sanction-suspended', body: { version: 2, recall: { id: first!.id, kind: 'pause' } } },
    { type: 'sanction-reinstated', body: { version: 3, recall: { id: second!.id } } },
    { type: 'sanction-withdrawn', body: { version: 4, recall: { id: third!.id, kind: 'undo' } } },
  ]);
});

test('an acknowledged one stays as it is: the next is a duty of its own', async () => {
  const { tubely } = registry.parties;
  const { sanction } = await tell(registry);
  await pause(sanction);
  const [first] = await recallsFor(sanction, tubely);
  resultOf(await acknowledge(registry, first!.id, { action: 'paused', copies: 'kept' }));
  resultOf(await withdraw(registry, sanction));
  const [paused, undo] = await recallsFor(sanction, tubely);
  expect(paused).toMatchObject({ acknowledgement: paused!.id, superseded_by: null });
  expect(undo).toMatchObject({ kind: 'undo', acknowledgement: null });
  resultOf(await acknowledge(registry, undo!.id));
});

test('a second cause of suspension, and all but the last that is lifted, recall nobody', async () => {
  const { tubely } = registry.parties;
  const { sanction } = await tell(registry);
  await pause(sanction);
  await act(registry, sanction, (ctx, record) =>
    suspend(ctx, record, { cause: 'echo-overdue', since: ctx.now }),
  );
  await reinstate(sanction);
  expect(await recallsFor(sanction, tubely)).toHaveLength(1);
  await act(registry, sanction, (ctx, record) =>
    lift(ctx, record, { causes: ['echo-overdue'], at: ctx.now }),
  );
  expect((await recallsFor(sanction, tubely)).map(({ kind }) => kind)).toEqual([
    'pause',
    'correct',
  ]);
});

test('each change recalls exactly those who were told before it, and the log says how many', async () => {
  const { tubely, market } = registry.parties;
  const { sanction, token } = await tell(registry, [tubely]);
  await pause(sanction);
  expect(await recallsFor(sanction, market)).toEqual([]);
  await reinstate(sanction);
  await tellAgain(registry, market, token);
  resultOf(await withdraw(registry, sanction));
  expect((await recallsFor(sanction, market)).map(({ kind }) => kind)).toEqual(['undo']);
  const theCase = (await caseOf(registry, sanction))!;
  const pairs = [tubely, market].map(({ id: party }) => pairOf({ ...theCase, party }));
  const ended = (await entriesOf(registry, 'sanction-ended')).at(-1);
  expect(ended).toMatchObject({ cause: 'early', recalls: recallsOwed(pairs) });
  const issued = (await entriesOf(registry, 'recall-issued')).map((entry) => entry['pair']);
  for (const pair of pairs) expect(issued).toContain(pair);
});
