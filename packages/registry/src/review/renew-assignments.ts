import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { reviewerDays } from '@recourse/protocol/review';

/**
 * From when it waits for its reviewers alone: now, or once evidence and answers are there, or can come no more. Fourteen
 * days later each goes to another.
 */
export async function renewAssignments(db: Db, of: { review: string; now: Date }): Promise<void> {
  await sql`
    update assignments c set expires_at = greatest(${of.now}::timestamptz, r.evidence_lapses_at, (
        select max(q.due_at) from questions q where q.appeal = r.id and q.answered_at is null
      )) + interval '${sql.raw(String(reviewerDays))} days'
    from open_reviews r where r.id = c.review and r.id = ${of.review}
      and c.released_at is null and c.keyed_at is not null`.execute(db);
}
