import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { NoticeReviewsTable } from '../schema/reviewers.ts';

/** The record whose notice is withheld the longest, of those that nobody looked at and this reviewer may judge. */
export async function nextWithheld(
  db: Db,
  of: { holder: string; now: Date },
): Promise<string | undefined> {
  const { holder, now } = of;
  const { rows } = await sql<{ id: string }>`
    select s.id from sanctions s
    where s.withheld_ground is not null and s.submitted_at is not null and s.notified_at is null
      and not s.end_recorded and s.notice_due_at > ${now}
      and not exists (select from notice_reviews n where n.sanction = s.id)
      and not exists (
        select from holders h where h.id = ${holder} and s.reason = any(h.opt_out))
      and is_independent(s.id, ${holder}, ${now}) and is_new_to(s.id, ${holder}, null)
    order by s.submitted_at, s.id limit 1`.execute(db);
  return rows[0]?.id;
}

export async function insertNoticeReview(db: Db, row: NoticeReviewsTable): Promise<void> {
  await db.insertInto('notice_reviews').values(row).execute();
}
