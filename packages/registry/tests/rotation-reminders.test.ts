import { toNumericDate } from '@recourse/protocol';
import { connect } from '@recourse/registry';
import type { TestPlatform, TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { resultOf } from './checks-fixture.ts';
import { day, named, RotatingRegistry } from './rotation-fixture.ts';

let rotating: RotatingRegistry;
let registry: TestRegistry;
let harbour: TestPlatform;
let market: TestPlatform;

beforeEach(async () => {
  rotating = await RotatingRegistry.start();
  registry = rotating.registry;
  ({ harbour, market } = registry.parties);
});
afterEach(() => registry.close());

/** Who was reminded, of which record, until when. */
async function reminders(): Promise<[string, string, number | undefined][]> {
  const rows = await registry.db
    .selectFrom('events')
    .select(['party', 'sanction', 'body'])
    .where('type', '=', 'retokenise-reminder')
    .orderBy('seq')
    .execute();
  return rows.map(({ party, sanction, body }) => [party, sanction, body.dueAt]);
}

test('a platform whose records need new tokens is told when both epochs are live, and before the older one closes', async () => {
  const [mine, theirs] = [named(1), named(2)];
  const first = await rotating.list(harbour, mine);
  const second = await rotating.list(market, theirs);
  resultOf(await rotating.announce());
  await settleDue(registry.services);
  expect(await reminders()).toEqual([]);

  registry.advance(day + 7200);
  const { sanctions } = await rotating.owed(harbour);
  const dueAt = toNumericDate(new Date(sanctions[0]!.closesAt!));
  const db = connect({ url: registry.url, role: 'recourse_service', connections: 2 });
  await Promise.all([settleDue(registry.services), settleDue({ ...registry.services, db })]);
  await db.destroy();
  const atFirst = [
    [harbour.id, first, dueAt],
    [market.id, second, dueAt],
  ];
  expect(await reminders()).toEqual(expect.arrayContaining(atFirst));
  registry.advance(6 * day);
  await settleDue(registry.services);
  expect(await reminders()).toHaveLength(2);

  resultOf(await rotating.retokenise(market, second, [theirs]));
  registry.advance(4 * day);
  await settleDue(registry.services);
  await settleDue(registry.services);
  expect((await reminders()).slice(2)).toEqual([[harbour.id, first, dueAt]]);

  rotating.close();
  await settleDue(registry.services);
  expect(await reminders()).toHaveLength(3);
});
