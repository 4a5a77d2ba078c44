import postgres from 'postgres';
import { afterEach, describe, expect, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '@recourse/testkit';

const opened: FreshDatabase[] = [];
const clients: postgres.Sql[] = [];

async function fresh(): Promise<FreshDatabase> {
  const database = await freshDatabase();
  opened.push(database);
  return database;
}

function connect(url: string): postgres.Sql {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  clients.push(sql);
  return sql;
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((sql) => sql.end()));
  await Promise.all(opened.splice(0).map((database) => database.drop()));
});

describe('freshDatabase', () => {
  test('databases made at the same time share nothing', async () => {
    const databases = await Promise.all(Array.from({ length: 6 }, fresh));
    for (const [index, { ownerUrl }] of databases.entries()) {
      const sql = connect(ownerUrl);
      await sql`create table only_here (value integer)`;
      await sql`insert into only_here values (${index})`;
      expect(await sql`select value from only_here`).toEqual([{ value: index }]);
    }
  });

  test('the service role cannot change the schema', async () => {
    const sql = connect((await fresh()).url);
    for (const statement of [
      'create table t (x integer)',
      'create schema s',
      'create temp table t (x integer)',
    ]) {
      await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('the service role reads nothing that was not granted', async () => {
    const database = await fresh();
    await connect(database.ownerUrl)`create table secret (value integer)`;
    await expect(connect(database.url)`select value from secret`).rejects.toMatchObject({
      code: '42501',
    });
  });

  test('neither role is a superuser or may make roles and databases', async () => {
    const database = await fresh();
    for (const url of [database.url, database.ownerUrl]) {
      const [role] = await connect(url)`
        select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication from pg_roles where rolname = current_user`;
      expect(Object.values(role ?? {})).toEqual([false, false, false, false, false]);
    }
  });

  test('drop cuts open connections and leaves no database', async () => {
    const database = await fresh();
    await connect(database.ownerUrl)`select 1`;
    await database.drop();
    await expect(connect(database.ownerUrl)`select 1`).rejects.toMatchObject({ code: '3D000' });
  });
});
