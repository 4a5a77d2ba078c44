import type { OpOutput, WatchedAlert } from '@recourse/protocol';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countRows } from '../src/parties/store.ts';
import { startCheckRegistry } from './checks-fixture.ts';
import { acknowledge, advanceTo, days, recallOf } from './recalls-fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const stats = async (): Promise<OpOutput<'registry.stats'>> =>
  (await registry.call(registry.parties.operator[0], 'registry.stats', {})).body.result;
const reading = async (alert: WatchedAlert) =>
  (await stats()).watched.find((one) => one.alert === alert);

test('what the alerts read is told to an operator, and what is beyond its limit', async () => {
  advanceTo(registry, 1, 9);
  const { recall } = await recallOf(registry);
  expect(await reading('RecourseRecallsOverdue')).toMatchObject({ value: 0, isBeyond: false });
  registry.advance(5 * days);
  expect(await reading('RecourseRecallsOverdue')).toMatchObject({ value: 1, isBeyond: true });
  // Nobody has read the event of it for five days.
  expect(await reading('RecourseEventsWaiting')).toMatchObject({ value: 5 * days, isBeyond: true });
  await acknowledge(registry, recall);
  expect(await reading('RecourseRecallsOverdue')).toMatchObject({ value: 0, isBeyond: false });
});

test('numbers alone: no party, record or person', async () => {
  for (const { value } of (await stats()).watched) expect(typeof value).toBe('number');
  expect((await stats()).archive).toEqual({ isOn: false });
});

test('rows are counted up to a limit, and estimated beyond it', async () => {
  const { parties } = await countRows(registry.db);
  expect(parties).toBeGreaterThan(4);
  expect(await countRows(registry.db, 2)).toMatchObject({ parties: 3 });
  await sql`analyze parties`.execute(registry.ownerDb);
  expect(await countRows(registry.db, 2)).toMatchObject({ parties });
});
