import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';

/** How far the log is, by its tables. */
export interface LogFigures {
  /** Entries that have a place */
  readonly size: number;
  /** Commits that wait for one, at most */
  readonly pending: number;
  /** Since when the oldest of them waits */
  readonly pendingSince: Date | null;
  /** Entries under the newest signature */
  readonly signed: number;
  readonly signedAt: Date | null;
  /** Entries that readers are shown */
  readonly served: number;
}

export async function readLogFigures(db: Db): Promise<LogFigures> {
  const { rows } = await sql<LogFigures>`
    select l.size, p.pending, p."pendingSince", coalesce(c.size, 0) as signed, c.at as "signedAt",
      coalesce((select max(size) from ledger_served), 0) as served
    from ledger_state l
    cross join lateral (
      select coalesce(max(seq) - min(seq) + 1, 0) as pending,
        (select at from ledger_pending where seq >= l.taken order by seq limit 1) as "pendingSince"
      from ledger_pending where seq >= l.taken
    ) p
    left join lateral (
      select size, at from ledger_checkpoints order by size desc limit 1
    ) c on true`.execute(db);
  return rows[0]!;
}

/** Witnesses of now, and what they have cosigned. */
export interface WitnessFigures {
  readonly registered: number;
  /** How many have not cosigned the newest checkpoint */
  readonly behind: number;
  readonly newestAt: Date | null;
}

export async function readWitnessFigures(db: Db): Promise<WitnessFigures> {
  const { rows } = await sql<WitnessFigures>`
    select count(*)::int as registered,
      (count(*) filter (where coalesce(k.size, 0) < coalesce(c.size, 0)))::int as behind,
      max(k.at) as "newestAt"
    from witnesses w
    left join lateral (
      select size, at from ledger_cosignatures where key = w.key order by size desc limit 1
    ) k on true
    left join (select max(size) as size from ledger_checkpoints) c on true
    where w.ended_at is null`.execute(db);
  return rows[0]!;
}

/** Reads the most tokens of a set of any epoch, as it was published last. */
export async function readMostTokens(db: Db): Promise<number> {
  const { rows } = await sql<{ tokens: number }>`
    select coalesce(max(tokens), 0) as tokens from prefix_sets`.execute(db);
  return rows[0]?.tokens ?? 0;
}

/** The archive of WAL, by PostgreSQL. */
export interface ArchiveFigures {
  /** `archive_mode` of the server: by `off` none is kept there, and whoever runs PostgreSQL watches their own backups */
  readonly isOn: boolean;
  readonly isFailing: boolean;
  readonly newestAt: Date | null;
}

export async function readArchiveFigures(db: Db): Promise<ArchiveFigures> {
  const { rows } = await sql<ArchiveFigures>`
    select current_setting('archive_mode') <> 'off' as "isOn",
      coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as "isFailing",
      last_archived_time as "newestAt"
    from pg_stat_archiver`.execute(db);
  return rows[0]!;
}

/** Counts of what others have still to do or to hear. */
export interface DutyFigures {
  readonly recallsOpen: number;
  readonly recallsOverdue: number;
  /** Events that their platforms have not acknowledged */
  readonly eventsWaiting: number;
  readonly eventsSince: Date | null;
  /** Notices by mail or text message that are not handed in */
  readonly noticesWaiting: number;
  readonly noticesSince: Date | null;
}

/** Beyond this nobody counts: it is far too many. */
const most = 100_000;

export async function readDutyFigures(db: Db, now: Date): Promise<DutyFigures> {
  const { rows } = await sql<DutyFigures>`
    select r.*, n.*, (
        select count(*)::int from (select from events where acked_at is null limit ${most}) e
      ) as "eventsWaiting", (
        select at from events where acked_at is null order by at limit 1
      ) as "eventsSince"
    from (
      select count(*)::int as "recallsOpen",
        (count(*) filter (where due_at <= ${now}))::int as "recallsOverdue"
      from recalls where acknowledgement is null and superseded_by is null
    ) r, (
      select count(*)::int as "noticesWaiting", min(asked_at) as "noticesSince"
      from notice_deliveries where result is null
    ) n`.execute(db);
  return rows[0]!;
}
