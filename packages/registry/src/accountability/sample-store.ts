import type { Id } from '@recourse/protocol';
import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** A decision that may be drawn, with the first checkpoint that readers were shown and that has its entry. */
export interface Drawable {
  readonly appeal: Id<'apl'>;
  readonly sanction: Id<'snc'>;
  readonly leaf: Uint8Array;
  readonly size: number;
  readonly note: string;
}

/** Decisions that were not drawn yet, and whose entry readers were shown. */
const drawable = sql`
  select l.appeal, l.sanction, l.leaf, c.size::float8 as size, c.note
  from redecisions l
  join ledger_entries e on e.leaf = l.leaf
  join lateral (
    select min(s.size) as size from ledger_served s where s.size > e.index) f on true
  join ledger_checkpoints c on c.size = f.size
  where l.drawn is null`;

export async function findDrawable(
  db: Db,
  { except, limit }: { limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ appeal: string }>`
    select appeal from (${drawable}) d where appeal <> all(${[...except]}::text[])
    order by appeal limit ${limit}`.execute(db);
  return rows.map(({ appeal }) => appeal);
}

export async function countDrawable(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${drawable}) d`.execute(db);
  return rows[0]?.n ?? 0;
}

export async function oneDrawable(db: Db, appeal: string): Promise<Drawable | undefined> {
  const { rows } = await sql<Drawable>`
    select * from (${drawable}) d where appeal = ${appeal}`.execute(db);
  return rows[0];
}

/** Writes down once whether a decision was drawn. The caller holds the lock of its sanction. */
export async function setDrawn(
  db: Db,
  { appeal, ...values }: { appeal: string; size: number; root: Uint8Array; drawn: boolean },
): Promise<void> {
  await db.updateTable('redecisions').set(values).where('appeal', '=', appeal).execute();
}
