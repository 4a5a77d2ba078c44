import { sql } from 'kysely';
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
  const { rows } = await sql<WithoutNotice>`
    select s.id as sanction, coalesce(e.at, s.notice_due_at) as at
    from sanctions s left join ends e on e.sanction = s.id
    where s.party = ${of.party} and s.submitted_at > ${of.since}
      and (e.cause = 'no-notice' or (e.sanction is null and s.notified_at is null
        and s.notice_due_at <= ${of.now} and least(s.expires_at, s.amended_until) > s.notice_due_at))
    order by at desc, s.id limit ${most}`.execute(db);
  return rows;
}

/** What will be, unless its notice comes in time: the soonest first. */
export async function noticesDue(
  db: Db,
  of: { party: string; now: Date },
): Promise<WithoutNotice[]> {
  const { rows } = await sql<WithoutNotice>`
    select s.id as sanction, s.notice_due_at as at from sanctions s
    where s.party = ${of.party} and s.submitted_at is not null and s.notified_at is null
      and s.notice_due_at > ${of.now} and not s.end_recorded
      and not exists (select from ends e where e.sanction = s.id)
    order by s.notice_due_at, s.id limit ${most}`.execute(db);
  return rows;
}
