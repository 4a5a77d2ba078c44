import { CompiledQuery, sql } from 'kysely';
import type { Db } from '@recourse/registry';

interface Aside {
  readonly off: string;
  readonly on: string;
}

/**
 * Takes foreign keys off the tables that are filled, and from `subjects` its indexes, whose keys are hashes: added again
 * they check and sort all rows at once, where each insert would look for its place in a tree that no cache holds.
 * @returns puts them back
 */
export async function setAside(owner: Db, tables: readonly string[]): Promise<() => Promise<void>> {
  const { rows } = await sql<Aside>`
    with filled as (select unnest(${tables}::text[])::regclass as id)
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as "off",
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid)) as "on"
    from pg_constraint c join filled on filled.id = conrelid
    where contype = 'f' or (contype = 'p' and conrelid = 'subjects'::regclass)
    union all
    select format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    from pg_index where indrelid = 'subjects'::regclass and not indisprimary`.execute(owner);
  await runAll(
    owner,
    rows.map(({ off }) => off),
  );
  return () =>
    runAll(
      owner,
      rows.map(({ on }) => on),
    );
}

async function runAll(owner: Db, statements: readonly string[]): Promise<void> {
  await owner.transaction().execute(async (trx) => {
    for (const statement of statements) await trx.executeQuery(CompiledQuery.raw(statement));
  });
}
