import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { reviewerDays } from '@recourse/protocol/review';

/**
 * From when it waits for its reviewers alone: now, or once evidence and answers are there, or can come no more. Fourteen
 * days later each goes to another.
 */
export async function renewAssignments(db: Db, of: { appeal: string; now: Date }): Promise<void> {
  await sql`
    update claims c set expires_at = greatest(${of.now}::timestamptz, a.evidence_lapses_at, (
        select max(q.due_at) from questions q where q.appeal = a.id and q.answered_at is null
      )) + interval '${sql.raw(String(reviewerDays))} days'
    from appeals a where a.id = c.appeal and a.id = ${of.appeal}
      and c.released_at is null and c.keyed_at is not null`.execute(db);
}
