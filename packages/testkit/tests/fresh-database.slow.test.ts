import postgres from 'postgres';
import { afterEach, describe, expect, test } from 'vitest';
import {
  buildSubmission,
  type FreshDatabase,
  freshDatabase,
  startTestRegistry,
  testOrigin,
} from '@recourse/testkit';

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

  test('a wiped database has what a clone has, in every table and sequence', async () => {
    const registry = await startTestRegistry();
    const submission = await buildSubmission({
      signedBy: registry.parties.harbour.trust,
      audience: testOrigin,
      now: registry.now(),
    });
    const { service } = registry.parties.harbour;
    expect((await registry.call(service, 'sanctions.submit', submission)).status).toBe(200);
    const { url } = registry;
    await registry.close();
    const [wiped, clone] = [await fresh(), await fresh()];
    expect(wiped.url).toBe(url);
    expect(clone.url).not.toBe(url);
    expect(await contentsOf(wiped)).toEqual(await contentsOf(clone));
  });

  test('a database whose schema was changed serves nobody else', async () => {
    for (const change of [
      'alter table parties disable trigger user',
      'drop index parties_domain',
      'grant delete on ends to recourse_service',
    ]) {
      const changed = await freshDatabase();
      const sql = connect(changed.ownerUrl);
      await sql.unsafe(change);
      await sql.end();
      await changed.drop();
      await expect(connect(changed.ownerUrl)`select 1`).rejects.toMatchObject({ code: '3D000' });
    }
  });

  test('a connection that was left fails the test that left it, and meets no other', async () => {
    const database = await freshDatabase();
    const sql = postgres(database.ownerUrl, { max: 1 });
    await sql`select 1 as mine`;
    await expect(database.drop()).rejects.toThrow(/left open: .* select 1 as mine/);
    await expect(sql`select 1`).rejects.toMatchObject({ code: '3D000' });
    await sql.end();
    expect((await fresh()).url).not.toBe(database.url);
  });

  test('what goes on after a test is refused', async () => {
    const registry = await startTestRegistry();
    await registry.close();
    await expect(registry.pendingEntries()).rejects.toThrow('after it was over');
    await expect(registry.close()).rejects.toThrow('dropped before');
  });
});

/** Every row of every table, and where each sequence stands. */
async function contentsOf({ ownerUrl }: FreshDatabase): Promise<unknown> {
  const sql = connect(ownerUrl);
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname = 'public' order by name`;
  const rows = [];
  for (const { name } of tables) rows.push([name, await sql.unsafe(`table ${name}`)]);
  return [
    rows,
    await sql`select schemaname, sequencename, last_value from pg_sequences order by 1, 2`,
  ];
}
