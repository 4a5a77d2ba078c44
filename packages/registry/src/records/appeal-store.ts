import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { AppealsTable } from '../schema/appeals.ts';
import type { EndCause } from '@recourse/protocol';

/** The case is over, and with it every open dispute. */
async function mootAll(db: Db, { at, review }: { review: string; at: Date }): Promise<void> {
  await db
    .updateTable('disputes')
    .set({ closed_at: at, closed_as: 'moot', content_key: null })
    .where('review', '=', review)
    .where('closed_at', 'is', null)
    .execute();
}

/** Nothing of a record answers before this instant, whatever its holds say. */
export async function holdUntil(db: Db, sanction: string, at: Date): Promise<void> {
  await sql`update subjects set review_from = greatest(review_from, ${at})
    where sanction = ${sanction} and review_from is not null`.execute(db);
  await sql`update sanctions set visible_from = greatest(visible_from, ${at}),
    others_from = greatest(others_from, ${at}) where id = ${sanction}`.execute(db);
}

/**
 * Nobody comes back to a case that was decided or ran out of time. A reviewer may come back to one that ended without
 * its reviewers.
 */
const released = { decided: 'decided', undecided: 'expired' } as const;

/** A case is over: whoever was on it is released, and nothing about its evidence is open. */
export async function closeWork(
  db: Db,
  { review, as, at }: { review: string; as: string; at: Date },
): Promise<void> {
  const how = as === 'decided' || as === 'undecided' ? released[as] : 'closed';
  await db
    .updateTable('assignments')
    .set({ released_at: at, released_as: how })
    .where('review', '=', review)
    .where('released_at', 'is', null)
    .execute();
  await mootAll(db, { review, at });
}

/** No longer open on its evidence. */
async function markClosed(db: Db, appeal: string, at: Date): Promise<void> {
  await db
    .updateTable('appeal_proofs')
    .set({ closed_at: at })
    .where('appeal', '=', appeal)
    .execute();
}

/** Closes an appeal and releases whoever was on it. The caller holds its sanction FOR UPDATE. */
export async function closeAppealRow(
  db: Db,
  appeal: string,
  closing: {
    as: NonNullable<AppealsTable['closed_as']>;
    at: Date;
    outcome?: AppealsTable['outcome'] | undefined;
    cause?: EndCause | undefined;
    concession?: AppealsTable['concession'] | undefined;
  },
): Promise<void> {
  const { as, at, outcome = null, cause = null, concession = null } = closing;
  const { numUpdatedRows } = await db
    .updateTable('appeals')
    .set({
      closed_at: at,
      closed_as: as,
      outcome,
      cause,
      concession,
      evidence_due_at: null,
      evidence_lapses_at: null,
    })
    .where('id', '=', appeal)
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) await markClosed(db, appeal, at);
  await closeWork(db, { review: appeal, as, at });
}

/** No relief is due of an open appeal, as its history says from then on. */
export async function writeSpared(
  db: Db,
  { appeal, at }: { appeal: string | null; at: Date },
): Promise<void> {
  await db
    .updateTable('appeals')
    .set({ relief_decided_at: at, relief_decided_as: 'spared' })
    .where('id', '=', appeal)
    .where('relief_decided_at', 'is', null)
    .execute();
}
