import { setTimeout as delay } from 'node:timers/promises';
import type postgres from 'postgres';
import { keptName } from './handles.ts';

/** A sentence that `markSchemaChanges` leaves on a database once its schema was changed. */
const CHANGED = 'schema changed';

/**
 * Makes every database cloned from this one remember that its schema or its grants were changed. The mark is a comment,
 * since a table would be one more in every test that reads the catalogue.
 */
export const markSchemaChanges = [
  'create schema testkit',
  `create function testkit.mark() returns event_trigger language plpgsql security definer as
    $$ begin execute format('comment on database %I is %L', current_database(), '${CHANGED}'); end $$`,
  'create event trigger testkit_mark on ddl_command_end execute function testkit.mark()',
];

/**
 * One script that returns a cloned database to what the template holds: rows go and come back without triggers and
 * foreign keys, sequences start anew. Deleting costs less than truncating while tables are small.
 */
export async function wipeScript(template: postgres.Sql): Promise<string> {
  const tables = await template<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`;
  const rows = await Promise.all(tables.map(({ name }) => rowsOf(template, name)));
  const sequences = await template<{ name: string; start: string }[]>`
    select format('%I.%I', schemaname, sequencename) as name, start_value as start from pg_sequences`;
  return [
    'set session_replication_role = replica',
    `set lock_timeout = '5s'`,
    ...tables.map(({ name }) => `delete from ${name}`),
    ...rows.flat(),
    ...sequences.map(({ name, start }) => `select setval('${name}', ${start}, false)`),
  ].join(';\n');
}

async function rowsOf(template: postgres.Sql, table: string): Promise<string[]> {
  const [row] = await template.unsafe(`select json_agg(t)::text as rows from ${table} t`);
  const rows: string | null = row?.['rows'] ?? null;
  if (rows === null) return [];
  const columns = await template.unsafe(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as names from pg_attribute
     where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
  );
  const names = String(columns[0]?.['names']);
  return [
    `insert into ${table} (${names}) overriding system value
     select ${names} from json_populate_recordset(null::${table}, '${rows.replaceAll("'", "''")}')`,
  ];
}

/** Milliseconds in which PostgreSQL sees that a client of a test is gone. */
const leavingMs = 5_000;

/**
 * Wipes a database for the next test. `false` when it cannot serve again, since its schema was changed.
 * @throws when somebody else is connected, or a transaction is open: what they do later would meet the next test.
 */
export async function wipe(admin: postgres.Sql, script: string): Promise<boolean> {
  const until = performance.now() + leavingMs;
  for (;;) {
    const { changed, left } = await look(admin);
    if (left !== null && performance.now() > until) throw new Error(`a test left open: ${left}`);
    if (left !== null) await delay(20);
    else if (changed) return false;
    else break;
  }
  await admin.unsafe(script);
  return true;
}

/** Whether the schema was changed; and the last statements of connections that should not be there. */
async function look(admin: postgres.Sql): Promise<{ changed: boolean; left: string | null }> {
  const [found] = await admin<[{ changed: boolean; left: string | null }]>`
    select shobj_description(oid, 'pg_database') is not null as changed,
      (select string_agg(concat_ws(' ', application_name, state, query), '; ') from pg_stat_activity
        where datid = oid and pid <> pg_backend_pid()
          and (state <> 'idle' or application_name <> ${keptName})) as left
    from pg_database where datname = current_database()`;
  return found;
}
