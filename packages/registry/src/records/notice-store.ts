import { sql } from 'kysely';
import type { Db, SanctionsTable } from '../kernel/database.ts';

/** When its first notice came, and from when what answers by it. */
export async function setNoted(
  db: Db,
  sanction: string,
  noted: Pick<SanctionsTable, 'notified_at' | 'others_from' | 'visible_from'>,
): Promise<void> {
  await db.updateTable('sanctions').set(noted).where('id', '=', sanction).execute();
}

export async function setStated(db: Db, sanction: string, at: Date): Promise<void> {
  await db.updateTable('sanctions').set({ stated_at: at }).where('id', '=', sanction).execute();
}

/** Under every epoch that the record has tokens of. */
export async function setDelivered(
  db: Db,
  of: { sanction: string; position: number; deliveredAt: Date; reviewFrom: Date },
): Promise<void> {
  await setDelivery(db, of, { delivered_at: of.deliveredAt, review_from: of.reviewFrom });
}

export const clearDelivered = (db: Db, of: { sanction: string; position: number }): Promise<void> =>
  setDelivery(db, of, { delivered_at: null, review_from: null });

async function setDelivery(
  db: Db,
  of: { sanction: string; position: number },
  to: { delivered_at: Date | null; review_from: Date | null },
): Promise<void> {
  await db
    .updateTable('subjects')
    .set(to)
    .where('sanction', '=', of.sanction)
    .where('position', '=', of.position)
    .execute();
}

export async function setNoticeDue(db: Db, of: { sanction: string; at: Date }): Promise<void> {
  await db
    .updateTable('sanctions')
    .set({ notice_due_at: of.at })
    .where('id', '=', of.sanction)
    .execute();
}

/** Nothing of a record answers before this instant, whatever its holds say. */
export async function holdUntil(db: Db, sanction: string, at: Date): Promise<void> {
  await sql`update subjects set review_from = greatest(review_from, ${at})
    where sanction = ${sanction} and review_from is not null`.execute(db);
  await sql`update sanctions set visible_from = greatest(visible_from, ${at}),
    others_from = greatest(others_from, ${at}) where id = ${sanction}`.execute(db);
}
