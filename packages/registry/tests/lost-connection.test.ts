import { freshDatabase, type FreshDatabase } from '@recourse/testkit';
import { connect, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';

let database: FreshDatabase;
let db: Db;
beforeAll(async () => {
  database = await freshDatabase();
  db = connect({ url: database.url, role: 'recourse_service', connections: 3 });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const pidOf = async (on: Db): Promise<number> =>
  (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(on)).rows[0]!.pid;

test('a transaction whose idle connection was cut fails, is not sent on, and costs no other', async () => {
  const lost = db.transaction().execute(async (trx) => {
    const pid = await pidOf(trx);
    await sql`select pg_terminate_backend(${pid}::int)`.execute(db);
    await delay(100);
    return sql`select 1`.execute(trx);
  });
  await expect(lost).rejects.toMatchObject({ code: expect.stringMatching(/^(CONNECTION|57P01)/) });
  const pids = await Promise.all([1, 2, 3, 4].map(() => pidOf(db)));
  expect(pids.every((pid) => pid > 0)).toBe(true);
});

test('what a transaction wrote is rolled back with its error, and its connection serves again', async () => {
  const row = { name: 'a-fact', value: 'x' };
  const failed = db.transaction().execute(async (trx) => {
    await trx.insertInto('registry_facts').values(row).execute();
    throw new Error('after all not');
  });
  await expect(failed).rejects.toThrow('after all not');
  await db.transaction().execute((trx) => trx.insertInto('registry_facts').values(row).execute());
  expect(await db.selectFrom('registry_facts').selectAll().execute()).toEqual([row]);
});
