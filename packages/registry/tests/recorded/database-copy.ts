import postgres, { type Sql, type TransactionSql } from 'postgres';

/** A row as PostgreSQL writes it in JSON: bytes as hex, instants in UTC. */
export type Row = Readonly<Record<string, unknown>>;

/** The rows of one table, in the order of its primary key. */
export interface TableCopy {
  readonly key: readonly string[];
  readonly rows: readonly Row[];
}

/** The tables of a database by their names, in one snapshot. */
export type DatabaseCopy = Readonly<Record<string, TableCopy>>;

/** Copies every table but those of the migrations; the schema of the alarm queue is left out. */
export async function copyDatabase(url: string): Promise<DatabaseCopy> {
  const sql = connectTo(url);
  try {
    return await sql.begin('isolation level repeatable read read only', async (trx) => {
      const copy: Record<string, TableCopy> = {};
      for (const { name, key, columns } of await tablesOf(trx)) {
        const order = key.length > 0 ? key : columns;
        const rows = await trx.unsafe<{ row: Row }[]>(`select to_json(t) as row from
          (select ${columns.join(', ')} from ${name} order by ${order.join(', ')}) t`);
        copy[name] = { key, rows: rows.map(({ row }) => row) };
      }
      return copy;
    });
  } finally {
    await sql.end();
  }
}

/** Puts the rows into a migrated database in place of its own, past every trigger; only a superuser may. */
export async function loadDatabase(adminUrl: string, recorded: DatabaseCopy): Promise<void> {
  const sql = connectTo(adminUrl);
  try {
    await sql.begin(async (trx) => {
      await trx`set local session_replication_role = replica`;
      for (const { name, columns } of await tablesOf(trx)) {
        await trx.unsafe(`delete from ${name}`);
        const rows = recorded[name]?.rows ?? [];
        // A column that came later has its default.
        const first = rows[0];
        if (!first) continue;
        const list = columns
          .filter((column) => Object.hasOwn(first, column.replaceAll('"', '')))
          .join(', ');
        await trx.unsafe(
          `insert into ${name} (${list}) overriding system value
            select ${list} from json_populate_recordset(null::${name}, $1::text::json)`,
          [JSON.stringify(rows)],
        );
      }
      await restartSequences(trx);
    });
  } finally {
    await sql.end();
  }
}

const connectTo = (url: string): Sql =>
  postgres(url, { max: 1, onnotice: () => undefined, connection: { timezone: 'UTC' } });

interface Table {
  readonly name: string;
  readonly key: readonly string[];
  /** Those that are written; generated ones follow */
  readonly columns: readonly string[];
}

const tablesOf = (trx: TransactionSql): Promise<Table[]> => trx<Table[]>`
  select c.relname as name,
    (select array_agg(quote_ident(attname) order by attnum) from pg_attribute
      where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
    coalesce((select array_agg(quote_ident(a.attname) order by array_position(i.indkey::int[], a.attnum::int))
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
      where i.indrelid = c.oid and i.indisprimary), '{}') as key
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%'
  order by c.relname`;

/** Each goes on after the highest number that was copied. */
async function restartSequences(trx: TransactionSql): Promise<void> {
  const columns = await trx<{ name: string; column: string }[]>`
    select attrelid::regclass::text as name, attname as column from pg_attribute
    join pg_class c on c.oid = attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and attidentity <> ''`;
  for (const { name, column } of columns) {
    await trx.unsafe(`select setval(pg_get_serial_sequence('${name}', '${column}'),
      coalesce(max("${column}"), 0) + 1, false) from ${name}`);
  }
}
