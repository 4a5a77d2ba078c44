import { freshDatabase, type FreshDatabase } from '@recourse/testkit';
import { connect, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { Line } from './line.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

/** A line of its own and a pool of three connections over it. */
async function newLine({ onTestFinished }: TestContext): Promise<{ line: Line; db: Db }> {
  const line = await Line.to(database.url);
  const db = connect({ url: line.url, role: 'recourse_service', connections: 3 });
  onTestFinished(async () => {
    await line.close();
    await db.destroy();
  });
  return { line, db };
}

const pidOf = async (on: Db): Promise<number> =>
  (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(on)).rows[0]!.pid;

/**
 * What became of it: `answered`, the code it was refused with, or `never`. A line is given up after five seconds, and who
 * waits for a connection after ten: this is as much more as a busy machine may take.
 */
const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  Promise.race([
    work.then(
      () => 'answered',
      (error: { code?: string }) => error.code ?? 'no code',
    ),
    delay(25_000, 'never'),
  ]);

/** Ends what holds connections of this database. */
async function endSleeps(): Promise<void> {
  const other = connect({ url: database.url, connections: 1 });
  await sql`select pg_cancel_backend(pid) from pg_stat_activity
    where datname = current_database() and query = 'select pg_sleep(50)'`.execute(other);
  await other.destroy();
}

const lost = { code: 'CONNECTION_LOST' };

describe('a transaction', () => {
  test('whose idle connection was cut fails, is not sent on, and costs no other', async (t) => {
    const { db } = await newLine(t);
    const cut = db.transaction().execute(async (trx) => {
      const pid = await pidOf(trx);
      await sql`select pg_terminate_backend(${pid}::int)`.execute(db);
      await delay(100);
      return sql`select 1`.execute(trx);
    });
    await expect(cut).rejects.toMatchObject(lost);
    const pids = await Promise.all([1, 2, 3, 4].map(() => pidOf(db)));
    expect(pids.every((pid) => pid > 0)).toBe(true);
  });

  test('that fails leaves nothing, and its connection serves again', async (t) => {
    const { db } = await newLine(t);
    const row = { name: 'a-fact', value: 'x' };
    const failed = db.transaction().execute(async (trx) => {
      await trx.insertInto('registry_facts').values(row).execute();
      throw new Error('after all not');
    });
    await expect(failed).rejects.toThrow('after all not');
    await db.transaction().execute((trx) => trx.insertInto('registry_facts').values(row).execute());
    expect(await db.selectFrom('registry_facts').select(['name', 'value']).execute()).toEqual([
      row,
    ]);
  });
});

test('a commit that fails is refused with what failed', async (t) => {
  const owner = connect({ url: database.ownerUrl, connections: 1 });
  t.onTestFinished(() => owner.destroy());
  const failed = owner.transaction().execute(async (trx) => {
    await sql`create temp table late (n int unique deferrable initially deferred)`.execute(trx);
    await sql`insert into late values (1), (1)`.execute(trx);
  });
  await expect(failed).rejects.toMatchObject({ code: '23505' });
  expect(await pidOf(owner)).toBeGreaterThan(0);
});

describe('at whatever instant connections are cut', () => {
  const works = {
    statement: async (db: Db) => {
      const { rows } = await sql`select 1 as n`.execute(db);
      // Not with no rows, or with those of another.
      if (JSON.stringify(rows) !== '[{"n":1}]') throw new Error('the answer of another statement');
    },
    transaction: (db: Db) =>
      db
        .transaction()
        .execute((trx) =>
          Promise.all([sql`select 1`.execute(trx), sql`select ${2}::int`.execute(trx)]),
        ),
  };

  test.for([
    ['statement', 'in order'],
    ['statement', 'reset'],
    ['transaction', 'in order'],
    ['transaction', 'reset'],
  ] as const)('each %s is answered or refused (%s)', async ([work, how], t) => {
    const { line, db } = await newLine(t);
    const outcomes = new Set<string>();
    for (let round = 0; round < 10 && !outcomes.has('never'); round++) {
      let isCut = false;
      const workers = [1, 2, 3, 4].map(async () => {
        for (let left = 10; left > 0; left -= isCut ? 1 : 0) {
          outcomes.add(await outcomeOf(works[work](db)));
        }
      });
      await delay(20);
      line.cut(how);
      isCut = true;
      await Promise.all(workers);
    }
    expect(outcomes).toEqual(new Set(['answered', lost.code]));
  });
});

describe.concurrent('whatever waits is settled in seconds', () => {
  test('when the line falls silent; what comes next has another', async (t) => {
    const { line, db } = await newLine(t);
    await Promise.all([1, 2, 3].map(() => sql`select pg_sleep(0.1)`.execute(db)));
    const silent = Promise.withResolvers<void>();
    const transaction = db.transaction().execute(async (trx) => {
      await pidOf(trx);
      line.silence();
      silent.resolve();
      await pidOf(trx);
    });
    await silent.promise;
    const others = [1, 2].map(() => pidOf(db));
    const waiting = pidOf(db);
    const outcomes = [transaction, ...others].map(outcomeOf);
    expect(await Promise.all(outcomes)).toEqual([lost.code, lost.code, lost.code]);
    expect(await waiting).toBeGreaterThan(0);
  });

  test('when the line falls silent; those that were idle are not tried one by one', async (t) => {
    const { line, db } = await newLine(t);
    await Promise.all([1, 2, 3].map(() => sql`select pg_sleep(0.1)`.execute(db)));
    line.silence();
    expect(await outcomeOf(pidOf(db))).toBe(lost.code);
    expect(await outcomeOf(pidOf(db))).toBe('answered');
  });

  test('when PostgreSQL answers nobody any more', async (t) => {
    const { line, db } = await newLine(t);
    await pidOf(db);
    line.silence();
    line.newcomers = 'unanswered';
    expect(await Promise.all([1, 2].map(() => outcomeOf(pidOf(db))))).toEqual([
      lost.code,
      lost.code,
    ]);
  });

  test('when it hangs up on who connects', async (t) => {
    const { line, db } = await newLine(t);
    line.newcomers = 'hung up on';
    expect(await outcomeOf(pidOf(db))).toBe(lost.code);
    line.newcomers = 'served';
    expect(await pidOf(db)).toBeGreaterThan(0);
  });

  test('when all connections are taken', async (t) => {
    const { db } = await newLine(t);
    const held = [1, 2, 3].map(() => outcomeOf(sql`select pg_sleep(50)`.execute(db)));
    await delay(100);
    expect(await outcomeOf(pidOf(db))).toBe('53300');
    await endSleeps();
    expect(await Promise.all(held)).toEqual(held.map(() => '57014'));
  });

  test('and a statement that is slow is none of these', async (t) => {
    const { db } = await newLine(t);
    expect(await outcomeOf(sql`select pg_sleep(6)`.execute(db))).toBe('answered');
  });
});
