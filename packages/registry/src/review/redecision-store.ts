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

export async function insertDecided(
  db: Db,
  of: { appeal: string; sanction: string; leaf: Uint8Array },
): Promise<void> {
  await db
    .insertInto('redecisions')
    .values({ ...of, size: null, root: null, drawn: null, asked_at: null })
    .execute();
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
  of: { limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ appeal: string }>`
    select appeal from (${drawable}) d where appeal <> all(${[...of.except]}::text[])
    order by appeal limit ${of.limit}`.execute(db);
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
  of: { appeal: string; size: number; root: Uint8Array; drawn: boolean },
): Promise<void> {
  const { appeal, ...values } = of;
  await db.updateTable('redecisions').set(values).where('appeal', '=', appeal).execute();
}

/** Reversed, or found to have been wrong after its end. */
export async function wasFoundWrong(db: Db, sanction: string): Promise<boolean> {
  const { rows } = await sql<{ wrong: boolean }>`
    select exists (select from ends where sanction = ${sanction} and kind = 'reversed')
      or exists (select from sanction_events where sanction = ${sanction} and event = 'finding')
      as wrong`.execute(db);
  return rows[0]?.wrong === true;
}

/**
 * Writes down that a submitter asked. The caller holds the locks of the party and of the sanction.
 * @returns false where it was asked about before
 */
export async function setAsked(db: Db, of: { appeal: string; at: Date }): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('redecisions')
    .set({ asked_at: of.at })
    .where('appeal', '=', of.appeal)
    .where('asked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** How many more reversals a submitter may ask about in a quarter. */
export async function leftToAsk(db: Db, of: { party: string; quarter: Date }): Promise<number> {
  const { rows } = await sql<{ left: number }>`
    select left_to_ask(${of.party}, ${of.quarter}) as left`.execute(db);
  return rows[0]?.left ?? 0;
}

export async function isOverturned(db: Db, of: { appeal: string; at: Date }): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    select is_overturned(${of.appeal}, ${of.at}) as is`.execute(db);
  return rows[0]?.is === true;
}

/** Reversals of one reviewer that a submitter had decided again. */
export async function redecidedOf(
  db: Db,
  of: { holder: string; now: Date },
): Promise<{ asked: number; overturned: number }> {
  const { rows } = await sql<{ asked: number; overturned: number }>`
    select count(*)::int as asked,
      (count(*) filter (where is_overturned(r.appeal, ${of.now})))::int as overturned
    from redecisions r join decisions d on d.review = r.appeal and d.holder = ${of.holder}
    where r.asked_at is not null and d.outcome in ('reversed', 'finding')`.execute(db);
  return rows[0] ?? { asked: 0, overturned: 0 };
}
