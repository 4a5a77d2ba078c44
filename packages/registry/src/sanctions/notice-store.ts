import { sql } from 'kysely';
import type { Db } from '../database.ts';

export interface NotedNotice {
  readonly notifiedAt: Date;
  readonly othersFrom: Date;
  readonly visibleFrom: Date;
}

export async function setNotified(
  db: Db,
  sanction: string,
  { notifiedAt, othersFrom, visibleFrom }: NotedNotice,
): Promise<void> {
  await db
    .updateTable('sanctions')
    .set({ notified_at: notifiedAt, others_from: othersFrom, visible_from: visibleFrom })
    .where('id', '=', sanction)
    .execute();
}

/** Under every epoch that the record has tokens of. */
export async function setDelivered(
  db: Db,
  of: { sanction: string; position: number; deliveredAt: Date; reviewFrom: Date },
): Promise<void> {
  await db
    .updateTable('subjects')
    .set({ delivered_at: of.deliveredAt, review_from: of.reviewFrom })
    .where('sanction', '=', of.sanction)
    .where('position', '=', of.position)
    .execute();
}

/** Nothing of a record answers before this instant, whatever its holds say. */
export async function holdUntil(db: Db, sanction: string, at: Date): Promise<void> {
  await sql`update subjects set review_from = greatest(review_from, ${at})
    where sanction = ${sanction} and review_from is not null`.execute(db);
  await sql`update sanctions set visible_from = greatest(visible_from, ${at}),
    others_from = greatest(others_from, ${at}) where id = ${sanction}`.execute(db);
}
