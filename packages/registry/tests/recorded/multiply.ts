import postgres from 'postgres';

/** Ids of what one record leaves behind; those of parties, people and keys stay as they are. */
const ids = '"((snc|apl|clm|mat|rcl|chk|evt|itm|qst|fnd)_[0-9a-z]{22})[0-9a-z]{4}"';

/**
 * Writes so many copies beside each row of some tables that names a record: under ids of their own, that name each other.
 * Only a superuser may, past every trigger. What is sealed in them opens nowhere.
 */
export async function multiplyRecords(
  adminUrl: string,
  { tables, times }: { tables: readonly string[]; times: number },
): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql.begin(async (trx) => {
      await trx`set local session_replication_role = replica`;
      for (const name of tables) {
        const [{ columns } = { columns: '' }] = await trx<{ columns: string }[]>`
          select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
          where attrelid = ${name}::regclass and attnum > 0 and not attisdropped
            and attgenerated = '' and attidentity = ''`;
        await trx.unsafe(
          `insert into ${name} (${columns})
          select ${columns.replaceAll(/(?<=^|, )/g, 'copy.')} from ${name} t
          cross join generate_series(1, $1::int) n
          cross join lateral (select to_jsonb(t) || coalesce((
            select jsonb_object_agg(key, lpad(n::text, 4, '0') || substring(value #>> '{}' from 5))
            from jsonb_each(to_jsonb(t)) where key in ('secret', 'message', 'proposal', 'stop') and value <> 'null'), '{}') as row) r
          cross join lateral jsonb_populate_record(null::${name}, regexp_replace(regexp_replace(
            r.row::text, $2, '"\\1' || lpad(n::text, 4, '0') || '"', 'g'),
            '"(lookup|leaf)": "\\\\\\\\x[0-9a-f]{6}', '"\\1": "\\\\\\\\x' || lpad(to_hex(n), 6, '0'), 'g')::jsonb) copy
          where to_jsonb(t)::text ~ $2`,
          [times, ids],
        );
      }
    });
    await sql.unsafe('vacuum analyze');
  } finally {
    await sql.end();
  }
}
