import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../../kernel/database.ts';

export const leafOf = (entry: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`sha256('\\x00'::bytea || convert_to(${entry}, 'UTF8'))`;

/**
 * Where entries stand, by their leaf hashes in hex; those that wait stand behind the end of the log. By what the entry is:
 * the owner of the database may have changed it beside its hash.
 * @param at.size of the log
 */
export async function placesOf(
  db: Db,
  { leaves, size }: { leaves: readonly string[]; size: number },
): Promise<Map<string, number>> {
  if (leaves.length === 0) return new Map();
  const { rows } = await sql<{ leaf: string; index: number }>`
    select encode(l.leaf, 'hex') as leaf, l.index from unnest(${leaves}::text[]) as t(leaf)
    join ledger_entries l on l.leaf = decode(t.leaf, 'hex')
    where ${leafOf(sql`l.entry`)} = l.leaf order by l.index desc`.execute(db);
  const places = new Map(rows.map(({ leaf, index }) => [leaf, index]));
  const missing = leaves.filter((leaf) => !places.has(leaf));
  if (missing.length === 0) return places;
  const { rows: waits } = await sql<{ leaf: string; n: number }>`
    select w.leaf, w.n from (
      select encode(${leafOf(sql`e.entry`)}, 'hex') as leaf,
        row_number() over (order by p.seq, e.n)::int - 1 as n
      from ledger_pending p, unnest(p.entries) with ordinality as e(entry, n)) w
    where w.leaf = any(${missing}) order by w.n desc`.execute(db);
  for (const { leaf, n } of waits) places.set(leaf, size + n);
  return places;
}

const isErased = '%"type":"erased"%';

/** The log says of a row of `sanctions as s` that its case was erased: nothing else excuses what cannot be opened. */
export const erasedInLog = sql<boolean>`(s.erased_leaf is not null and (
  exists (select from ledger_entries l where l.leaf = s.erased_leaf
    and ${leafOf(sql`l.entry`)} = l.leaf and l.entry like ${sql.lit(isErased)})
  or exists (select from ledger_pending p, unnest(p.entries) as w(entry)
    where ${leafOf(sql`w.entry`)} = s.erased_leaf and w.entry like ${sql.lit(isErased)})))`;
