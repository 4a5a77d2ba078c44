import type { TestRegistry } from '@recourse/testkit';
import { connect } from '@recourse/registry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { listParties } from '../src/parties/directory.ts';
import { newElement, resultOf, startCheckRegistry } from './checks-fixture.ts';
import { days, tell, tellAgain } from './recalls-fixture.ts';
import { toNumericDate, type Id } from '@recourse/protocol';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const reminders = () =>
  registry.db
    .selectFrom('events')
    .select(['party', 'sanction', 'body'])
    .where('type', '=', 'outcome-reminder')
    .orderBy('seq')
    .execute();

const evaluate = () =>
  registry.call(registry.parties.tubely.service, 'checks.evaluate', {
    purpose: 'signup',
    epochs: [1],
    blinded: [newElement()],
    provenAt: toNumericDate(registry.now()),
  });

const report = (match: Id<'mat'>) =>
  registry.call(registry.parties.tubely.service, 'checks.report', {
    outcomes: [{ match, outcome: 'admitted' }],
  });

const stopped = async (): Promise<boolean> =>
  (await listParties(registry.db, registry.now())).find(
    ({ party }) => party === registry.parties.tubely.id,
  )!.checksStopped;

test('an outcome owed 30 d is reminded of, once; owed 90 d it stops checks, until it is reported', async () => {
  const { tubely } = registry.parties;
  const record = await tell(registry);
  const again = await tellAgain(registry, tubely, record.token);
  const reported = await tellAgain(registry, tubely, record.token);
  resultOf(await report(reported));
  registry.advance(29 * days);
  await settleDue(registry.services);
  expect(await reminders()).toEqual([]);
  // Due on a day nobody works, it is due on Monday.
  registry.advance(4 * days);
  const db = connect({ url: registry.url, role: 'recourse_service', connections: 2 });
  await Promise.all([settleDue(registry.services), settleDue({ ...registry.services, db })]);
  await db.destroy();
  const sent = await reminders();
  expect(sent.map(({ body }) => body.match).toSorted()).toEqual(
    [record.matches[0], again].toSorted(),
  );
  for (const { party, sanction } of sent) {
    expect([party, sanction]).toEqual([tubely.id, record.sanction]);
  }
  registry.advance(57 * days - 600);
  expect([(await evaluate()).status, await stopped()]).toEqual([200, false]);
  registry.advance(600);
  const refused = await evaluate();
  expect([refused.status, refused.body.type.split('/').at(-1)]).toEqual([403, 'checks-stopped']);
  expect(await stopped()).toBe(true);
  resultOf(await report(again));
  expect((await evaluate()).status).toBe(403);
  resultOf(await report(record.matches[0]!));
  expect([(await evaluate()).status, await stopped()]).toEqual([200, false]);
});

test('pending is no outcome: it is reminded of, and stops checks', async () => {
  const record = await tell(registry);
  const pending = await registry.call(registry.parties.tubely.service, 'checks.report', {
    outcomes: [{ match: record.matches[0]!, outcome: 'pending' }],
  });
  resultOf(pending);
  const before = (await reminders()).length;
  registry.advance(33 * days);
  expect((await settleDue(registry.services)).failures).toEqual([]);
  expect(await reminders()).toHaveLength(before + 1);
  registry.advance(57 * days);
  expect((await evaluate()).status).toBe(403);
  resultOf(await report(record.matches[0]!));
  expect((await evaluate()).status).toBe(200);
});
