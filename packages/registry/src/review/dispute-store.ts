import { sql, type Insertable, type Selectable } from 'kysely';
import type { Id, DisputeEnd, ReviewId } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import type { DisputesTable } from '../schema/evidence.ts';

export interface DisputeRow extends Selectable<DisputesTable> {
  review: ReviewId;
  sanction: Id<'snc'>;
}

interface Place {
  readonly review: string;
  readonly item: number;
}

export async function hasDispute(
  db: Db,
  { review, item, round }: Place & { round: number },
): Promise<boolean> {
  const row = await db
    .selectFrom('disputes')
    .select('at')
    .where('review', '=', review)
    .where('item', '=', item)
    .where((where) => where.or([where('round', '=', round), where('closed_at', 'is', null)]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function insertDispute(
  db: Db,
  row: Omit<Insertable<DisputesTable>, 'second' | 'assigned_at' | 'closed_at' | 'closed_as'>,
): Promise<void> {
  const open = { second: null, assigned_at: null, closed_at: null, closed_as: null };
  await db
    .insertInto('disputes')
    .values({ ...row, ...open })
    .execute();
}

/** The open dispute about an item that a reviewer was assigned. */
export const findAssigned = (
  db: Db,
  { review, item, second }: Place & { second: string },
): Promise<DisputeRow | undefined> =>
  db
    .selectFrom('disputes')
    .selectAll()
    .where('review', '=', review)
    .where('item', '=', item)
    .where('second', '=', second)
    .where('closed_at', 'is', null)
    .$castTo<DisputeRow>()
    .executeTakeFirst();

export interface DisputeQuery {
  readonly holder: string;
  readonly now: Date;
  /** Whoever was assigned one before that, and said nothing, has it no more */
  readonly assignedSince: Date;
}

/**
 * Open disputes that a reviewer may look at: their own assignment first, then the oldest. They belong to nobody in
 * the case, and are new to its record.
 */
export async function eligibleDisputes(
  db: Db,
  { holder, now, assignedSince, limit, only }: DisputeQuery & { limit: number; only?: Place },
): Promise<{ review: ReviewId; item: number; sanction: Id<'snc'> }[]> {
  const { rows } = await sql<{ review: ReviewId; item: number; sanction: Id<'snc'> }>`
    select p.review, p.item, p.sanction from disputes p
    where p.closed_at is null and p.holder <> ${holder}
      and (p.second is null or p.second = ${holder} or p.assigned_at <= ${assignedSince})
      and is_independent(p.sanction, ${holder}, ${now}) and is_new_to(p.sanction, ${holder}, p.review)
      and not exists (select from assignments c where c.review = p.review and c.holder = ${holder})
      and (${only?.review ?? null}::text is null or (p.review = ${only?.review ?? null} and p.item = ${only?.item ?? null}))
    order by p.second is not distinct from ${holder} desc, p.at, p.review, p.item
    limit ${limit}`.execute(db);
  return rows;
}

const open = (db: Db, { review, item }: Place) =>
  db
    .updateTable('disputes')
    .where('review', '=', review)
    .where('item', '=', item)
    .where('closed_at', 'is', null);

export async function assignSecond(
  db: Db,
  second: Place & { second: string; at: Date },
): Promise<void> {
  await open(db, second).set({ second: second.second, assigned_at: second.at }).execute();
}

/** With its end goes the key: nobody opens the bytes any more by it. */
export async function closeDispute(
  db: Db,
  closing: Place & { as: DisputeEnd; at: Date },
): Promise<void> {
  await open(db, closing)
    .set({ closed_at: closing.at, closed_as: closing.as, content_key: null })
    .execute();
}

/** Closes an open dispute: what it was about is gone. */
export const moot = (db: Db, closing: Place & { at: Date }): Promise<void> =>
  closeDispute(db, { ...closing, as: 'moot' });
