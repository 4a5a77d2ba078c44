import { startTestRegistry, workerPostgres, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, migrate, type Db } from '../src/index.ts';
import { steps } from '../src/migrations/steps.ts';

const next = {
  name: '9998-next',
  statements: ['alter table sanctions add column remark text'],
};

const after = { name: '9999-after', statements: ['alter table sanctions drop column remark'] };

let registry: TestRegistry;
let url: string;
let reader: Db;
beforeAll(async () => {
  registry = await startTestRegistry();
  const { pathname } = new URL(registry.url);
  url = Object.assign(new URL(workerPostgres().ownerUrl), { pathname }).href;
  reader = connect({ url, connections: 1 });
});
afterAll(async () => {
  await reader.destroy();
  await registry.close();
});

/** Whether a step waits for its lock now: whoever comes after it waits behind it. */
const waits = async (): Promise<boolean> => {
  const { rows } = await sql`
    select from pg_locks where not granted and mode = 'AccessExclusiveLock'
      and database = (select oid from pg_database where datname = current_database())`.execute(
    registry.db,
  );
  return rows.length > 0;
};

const list = async (): Promise<number> =>
  (await registry.call(registry.parties.harbour.service, 'sanctions.list', {})).status;

test('while a reader holds a table, calls are answered, and the step that waits says who holds it', async () => {
  const lines: string[] = [];
  let isDone = false;
  let migrating: Promise<string[]> | undefined;
  await reader.transaction().execute(async (held) => {
    const { rows } = await sql<{ pid: number }>`
      select pg_backend_pid() as pid, count(*) from sanctions`.execute(held);
    migrating = migrate(
      {
        url,
        onLocked: (holders, againMs) => {
          lines.push(...holders.map(({ pid, application }) => `${pid} ${application} ${againMs}`));
        },
      },
      [...steps, next],
    ).finally(() => (isDone = true));
    // Each comes behind the step, which has to let it pass while the reader goes on.
    for (let round = 0; round < 2; round += 1) {
      await expect.poll(waits, { timeout: 30_000 }).toBe(true);
      expect(await list()).toBe(200);
    }
    expect([isDone, lines[0]]).toEqual([false, `${rows[0]?.pid} recourse 3000`]);
  });
  expect(await migrating).toEqual(['9998-next']);
  expect(await list()).toBe(200);
});

test('a step that never gets its lock ends by lock_not_available, and changes nothing', async () => {
  const held: number[] = [];
  await reader.transaction().execute(async (trx) => {
    await sql`select count(*) from sanctions`.execute(trx);
    const migrating = migrate(
      {
        url,
        waitMs: 0,
        onLocked: (holders, againMs) => held.push(holders.length, againMs ?? -1),
      },
      [...steps, next, after],
    );
    await expect(migrating).rejects.toMatchObject({ code: '55P03' });
  });
  expect(held).toEqual([1, -1]);
  expect(await migrate({ url }, [...steps, next, after])).toEqual(['9999-after']);
});

test('a step that a call and it keep from their locks is tried again once the call went on', async () => {
  const crossing = {
    name: '9999-crossing',
    statements: ['lock table reviews', 'select pg_sleep(2)', 'lock table sanctions'],
  };
  let again = 0;
  let migrating: Promise<string[]> | undefined;
  await reader.transaction().execute(async (held) => {
    await sql`select count(*) from sanctions`.execute(held);
    migrating = migrate({ url, onLocked: () => again++ }, [...steps, next, after, crossing]);
    const isAsleep = async (): Promise<boolean> => {
      const { rows } = await sql`
        select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`.execute(
        registry.ownerDb,
      );
      return rows.length > 0;
    };
    await expect.poll(isAsleep, { timeout: 30_000 }).toBe(true);
    // It looks for a deadlock before there is one; the step looks when there is.
    await sql`select count(*) from reviews`.execute(held);
  });
  expect(await migrating).toEqual(['9999-crossing']);
  expect(again).toBe(1);
});
