import { Problem, withheldGrounds, type WithheldGround } from '@recourse/protocol';
import { sql } from 'kysely';
import { dueAt, type Deadlines } from '../kernel/bounds.ts';
import type { CallContext } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import type { NoticeReviewsTable } from '../kernel/tables/review.ts';
import type { SanctionRow } from '../records/store.ts';

export type Withheld = { withheld_ground: WithheldGround; notice_due_at: Date };

/** No later than it was due before. */
export function ordinaryDue(
  { before, now }: { before: Date; now: Date },
  { noticeDueDays }: Pick<Deadlines, 'noticeDueDays'>,
): Date {
  const ordinary = dueAt(now, 24 * noticeDueDays);
  return ordinary < before ? ordinary : before;
}

export const waitingFor = ({ caller: { holder }, now }: CallContext) => ({ holder, now });

export function withheld<R extends SanctionRow>(row: R | undefined): R & Withheld {
  const { withheld_ground: ground, notice_due_at: due } = row ?? {};
  if (!row || !isGround(ground) || !due) throw new Problem('not-found');
  return { ...row, withheld_ground: ground, notice_due_at: due };
}

const isGround = (ground: string | null | undefined): ground is WithheldGround =>
  withheldGrounds.some((one) => one === ground);

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
