import type { EndCause } from '@recourse/protocol';
import type { AppealsTable, Db } from '../kernel/database.ts';

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
  await db
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
    .execute();
  await closeWork(db, { review: appeal, as, at });
}

/** What was decided, or let run out of time, is nobody's to come back to; what ended without its reviewers is. */
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

/** The case is over, and with it every open dispute. */
async function mootAll(db: Db, of: { review: string; at: Date }): Promise<void> {
  await db
    .updateTable('disputes')
    .set({ closed_at: of.at, closed_as: 'moot', content_key: null })
    .where('review', '=', of.review)
    .where('closed_at', 'is', null)
    .execute();
}
