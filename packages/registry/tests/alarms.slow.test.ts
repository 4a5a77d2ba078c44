import { connect, type Services } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bossDatabase } from '../src/scheduler/boss-database.ts';
import { dueKinds } from '../src/scheduler/due-kinds.ts';
import { settleDue } from '../src/scheduler/settle-due.ts';
import { clocks } from '../src/migrations/alarms.ts';
import { alarmsOf, moveAlarms, quiet, ring } from './alarms-fixture.ts';
import { startCheckRegistry } from './checks-fixture.ts';
import { appealed } from './due-fixture.ts';
import { act, days, entriesOf, recallsOf, tell } from './recalls-fixture.ts';
import { forgetAsked } from '../src/retention/asked-store.ts';
import { suspend } from '../src/records/transition.ts';

let registry: TestRegistry;
let second: Services;
beforeEach(async () => {
  registry = await startCheckRegistry();
  const db = connect({ url: registry.url, role: 'recourse_service', connections: 6 });
  second = { ...registry.services, db };
});
afterEach(async () => {
  await second.db.destroy();
  await registry.close();
});

const inDays = (n: number): Date => new Date(registry.now().getTime() + n * days * 1_000);

async function expectOnePause(id: string): Promise<void> {
  expect((await recallsOf(registry, id)).map(({ kind }) => kind)).toEqual(['pause']);
  expect(await entriesOf(registry, 'sanction-suspended')).toHaveLength(1);
  expect(await entriesOf(registry, 'recall-issued')).toHaveLength(1);
}

test('every clock starts alarms of something that falls due', () => {
  expect(Object.keys(dueKinds)).toEqual(
    expect.arrayContaining([...new Set(clocks.map(({ kind }) => kind))]),
  );
});

test('each deadline has its alarm from the transaction that starts it, and it says kind and id alone', async () => {
  const id = await appealed(registry, { evidence: 7, withdraws: 3 });
  const [appeal] = await registry.db.selectFrom('appeals').selectAll().execute();
  const [sanction] = await registry.db.selectFrom('sanctions').selectAll().execute();
  const instants = [
    sanction!.notice_due_at,
    sanction!.visible_from,
    appeal!.withdraws_at,
    appeal!.evidence_due_at,
    appeal!.evidence_lapses_at,
    appeal!.decision_due_at,
    appeal!.undecided_at,
  ];
  // Messages have clocks of their own.
  const alarms = (await alarmsOf(registry, id)).filter(({ kind }) => kind !== 'notices');
  expect(alarms.map(({ at }) => at)).toEqual(
    instants.toSorted((a, b) => a!.getTime() - b!.getTime()),
  );
  const { rows } = await sql<{ data: object }>`select data from pgboss.job`.execute(registry.db);
  for (const { data } of rows) expect(Object.keys(data).toSorted()).toEqual(['id', 'kind']);
});

test('a change that is rolled back leaves no alarm, and one that is made twice leaves one', async () => {
  const { sanction } = await tell(registry);
  const before = await alarmsOf(registry, sanction);
  const until = inDays(14);
  const relieve = (fails: boolean) =>
    act(registry, sanction, async (acting, record) => {
      await suspend(acting, record, { cause: 'relief', since: acting.now, until });
      if (fails) throw new Error('rolled back');
    });
  await expect(relieve(true)).rejects.toThrow('rolled back');
  expect(await alarmsOf(registry, sanction)).toEqual(before);
  await relieve(false);
  await sql`update suspensions set until = until`.execute(registry.ownerDb);
  const added = (await alarmsOf(registry, sanction)).slice(before.length);
  expect(added.filter(({ at }) => at.getTime() === until.getTime())).toHaveLength(1);
});

test('two servers ring at once, and one alarm rings twice: one effect', async () => {
  const id = await appealed(registry, { evidence: 7 });
  registry.advance(8 * days);
  await moveAlarms(registry);
  const servers = await Promise.all([ring(registry.services), ring(second), ring(second)]);
  await quiet(registry);
  await expectOnePause(id);
  await sql`
    update pgboss.job set state = 'created', started_on = null, completed_on = null
    where state = 'completed'`.execute(registry.ownerDb);
  await quiet(registry);
  await expectOnePause(id);
  await Promise.all(servers.map((server) => server.stop()));
  expect(servers.flatMap(({ failures }) => failures)).toEqual([]);
});

test('an alarm that was lost is made up for by the sweep', async () => {
  const id = await appealed(registry, { evidence: 7 });
  await sql`delete from pgboss.job`.execute(registry.ownerDb);
  registry.advance(8 * days);
  // What was asked under checks has no alarm.
  await forgetAsked(registry.db, { now: registry.now(), limit: 1_000 });
  await moveAlarms(registry);
  const ringing = await ring(registry.services);
  await quiet(registry);
  await ringing.stop();
  expect(await recallsOf(registry, id)).toEqual([]);
  expect(await settleDue(registry.services)).toMatchObject({ settled: 1, remaining: 0 });
  await expectOnePause(id);
});

test('an alarm by a clock that is ahead of ours rings again, when it is due by ours', async () => {
  const id = await appealed(registry, { evidence: 7 });
  registry.advance(7 * days + 30);
  await moveAlarms(registry);
  registry.advance(-60);
  const ringing = await ring(registry.services);
  await quiet(registry);
  expect((await alarmsOf(registry, id)).map(({ state }) => state)).toContain('retry');
  expect(await recallsOf(registry, id)).toEqual([]);
  registry.advance(300);
  await moveAlarms(registry);
  await quiet(registry);
  await ringing.stop();
  await expectOnePause(id);
});

test('an alarm that fails for good holds nobody up, and is told once', async () => {
  const lost = await appealed(registry, { evidence: 7 });
  await registry.ownerDb.deleteFrom('case_keys').where('sanction', '=', lost).execute();
  const sound = await appealed(registry, { evidence: 7 });
  await sql`update pgboss.job set retry_limit = 1, retry_delay = 0, retry_backoff = false
    where start_after > now() + interval '1 day'`.execute(registry.ownerDb);
  registry.advance(8 * days);
  await moveAlarms(registry);
  const ringing = await ring(registry.services);
  await quiet(registry);
  await ringing.stop();
  await expectOnePause(sound);
  expect(await recallsOf(registry, lost)).toEqual([]);
  expect(new Set(ringing.givenUp.map(({ kind, id }) => `${kind} ${id}`))).toEqual(
    new Set([`sanctions ${lost}`]),
  );
  const states = (await alarmsOf(registry, lost)).filter(({ at }) => at <= registry.now());
  expect(states.map(({ state }) => state)).toContain('failed');
  expect(ringing.failures).toEqual([]);
});

test('what pg-boss keeps of a failed alarm says nothing of why', async () => {
  const lost = await appealed(registry, { evidence: 7 });
  await registry.ownerDb.deleteFrom('case_keys').where('sanction', '=', lost).execute();
  registry.advance(8 * days);
  await moveAlarms(registry);
  const ringing = await ring(registry.services);
  await expect
    .poll(async () => (await alarmsOf(registry, lost)).map(({ state }) => state))
    .toContain('retry');
  await ringing.stop();
  const { rows } = await sql`select from pgboss.job where output is not null`.execute(registry.db);
  expect(rows).toEqual([]);
});

test('what pg-boss fails at in a transaction of its own leaves the connection without one', async () => {
  const one = connect({ url: registry.url, role: 'recourse_service', connections: 1 });
  try {
    const boss = bossDatabase(one);
    await expect(boss.executeSql('begin; select 1 / 0; commit')).rejects.toMatchObject({
      code: '22012',
    });
    expect(await boss.executeSql('begin; select 1 as a; select 2 as a; commit')).toEqual({
      rows: [{ a: 1 }, { a: 2 }],
    });
  } finally {
    await one.destroy();
  }
});

test.each([
  'create table pgboss.mine ()',
  "select pgboss.create_queue('mine', '{}')",
  'drop table pgboss.job_common',
  "update pgboss.schedule set cron = ''",
  'drop trigger appeals_alarms on appeals',
])('a server may not: %s', async (statement) => {
  await expect(sql.raw(statement).execute(registry.db)).rejects.toMatchObject({ code: '42501' });
});
