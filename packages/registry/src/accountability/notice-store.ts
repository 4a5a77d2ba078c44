import { standingOf } from '../records/record.ts';
import { sanctionRows } from '../records/store.ts';
import type { Db } from '../kernel/database.ts';

const most = 50;

export interface WithoutNotice {
  readonly sanction: `snc_${string}`;
  readonly at: Date;
}

/** What ended for want of a notice, the newest first, whether or not a job has written it down. */
export async function withdrawnWithoutNotice(
  db: Db,
  of: { party: string; since: Date; now: Date },
): Promise<WithoutNotice[]> {
  const rows = await sanctionRows(db)
    .where('s.party', '=', of.party)
    .where('s.submitted_at', '>', of.since)
    .where('s.notice_due_at', '<=', of.now)
    .where((eb) =>
      eb.or([
        eb('s.end_cause', '=', 'no-notice'),
        eb.and([eb('s.end_kind', 'is', null), eb('s.notified_at', 'is', null)]),
      ]),
    )
    .orderBy('s.notice_due_at', 'desc')
    .orderBy('s.id')
    .limit(most)
    .execute();
  return rows.flatMap((row) => {
    const { ended } = standingOf(row, of.now);
    return ended?.cause === 'no-notice' ? [{ sanction: row.id, at: ended.at }] : [];
  });
}

/** What will be, unless its notice comes in time: the soonest first. */
export async function noticesDue(
  db: Db,
  of: { party: string; now: Date },
): Promise<WithoutNotice[]> {
  const rows = await sanctionRows(db)
    .where('s.party', '=', of.party)
    .where('s.submitted_at', 'is not', null)
    .where('s.notified_at', 'is', null)
    .where('s.end_kind', 'is', null)
    .where('s.notice_due_at', '>', of.now)
    .orderBy('s.notice_due_at')
    .orderBy('s.id')
    .limit(most)
    .execute();
  return rows.flatMap((row) =>
    row.notice_due_at && !standingOf(row, of.now).ended
      ? [{ sanction: row.id, at: row.notice_due_at }]
      : [],
  );
}
