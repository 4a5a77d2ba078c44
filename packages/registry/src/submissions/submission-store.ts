import type { ReasonCode, Registration } from '@recourse/protocol';
import { sql, type Insertable } from 'kysely';
import { isSuspendedAt } from '../parties/suspending.ts';
import { sqlState } from '../kernel/retry.ts';
import type { Db, SanctionsTable, SubjectsTable } from '../kernel/database.ts';
import type { Backlog } from '@recourse/protocol/review';
import { backlogOf } from './backlog-store.ts';
import { standingOf } from '../records/record.ts';
import { sanctionRows, type SanctionRow } from '../records/store.ts';

/**
 * Serialises submissions of one group about one subject: whoever comes second waits here, then sees the
 * record of the first. Rows are taken in one order, so that two submissions cannot wait for each other.
 */
export async function lockSubjects(
  db: Db,
  of: { party: string; lookups: readonly Uint8Array[]; now: Date },
): Promise<void> {
  const distinct = [...new Set(of.lookups.map((lookup) => Buffer.from(lookup).toString('hex')))];
  await sql`insert into submitter_subjects (group_name, lookup, submissions)
    select distinct g.name, decode(hex, 'hex'), 1
    from unnest(${distinct}::text[]) as t(hex), groups_of(${of.party}, ${of.now}) as g(name) order by 2, 1
    on conflict (lookup, group_name) do update set submissions = submitter_subjects.submissions + 1`.execute(
    db,
  );
}

/**
 * Records of one group that share a subject, but for one of them. Mostly there are none, and the index
 * of subjects alone says so.
 */
export async function earlierRecords(
  db: Db,
  of: { parties: readonly string[]; lookups: readonly Uint8Array[]; except: string },
): Promise<SanctionRow[]> {
  const about = await db
    .selectFrom('subjects')
    .select('sanction')
    .distinct()
    .where('lookup', 'in', of.lookups)
    .where('sanction', '!=', of.except)
    .execute();
  if (about.length === 0) return [];
  const ids = about.map(({ sanction }) => sanction);
  return sanctionRows(db)
    .where('s.id', 'in', ids)
    .where('s.party', 'in', [...of.parties])
    .execute();
}

/** Whether a group has a record of a reason without tokens of an epoch that ended early, no sooner than an incident began. */
export async function isLeftBehind(
  db: Db,
  of: { parties: readonly string[]; reason: ReasonCode; from: Date; epoch: number; now: Date },
): Promise<boolean> {
  const { rows } = await sql<{ id: string; ended: boolean }>`
    select s.id, e.sanction is not null as ended from rotations z
    join sanctions s on s.party = any(${[...of.parties]}) and s.epoch = z.epoch - 1
    left join ends e on e.sanction = s.id
    where z.epoch <= ${of.epoch} and s.reason = ${of.reason}
      and s.submitted_at is not null and s.texts_erased_at is null
      and (e.at >= ${of.from} or not s.end_recorded)
    order by ended desc limit 1000`.execute(db);
  if (rows.length === 0 || rows[0]?.ended) return rows.length > 0;
  // No job has written yet how these ended.
  const unwritten = await sanctionRows(db)
    .where(
      's.id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return unwritten.some((row) => {
    const { ended } = standingOf(row, of.now);
    return ended !== undefined && ended.state !== 'expired' && ended.at >= of.from;
  });
}

/** The id of a record, or the hash of a code, that was there before. */
export async function isKnown(
  db: Db,
  of: { id: string; code: string | undefined },
): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    select exists (select from sanctions where id = ${of.id})
      or exists (select from case_codes where hash = ${of.code ?? null}) as known`.execute(db);
  return rows[0]?.known ?? false;
}

export interface PlatformRow {
  registration: Registration | null;
  enabled_reasons: ReasonCode[];
  submissions_suspended: boolean;
  submissions_per_day: number | null;
  objections_until: Date | null;
  active_from: Date | null;
  probation_until: Date | null;
  left_at: Date | null;
  backlog: Backlog;
  /** Who sit on the panel and are independent of it */
  reviewers: number;
}

/**
 * The flags of a platform as they are now: admission may have seen them before they changed. The key of its row is shared
 * until the commit: a suspension, which examines what is there, and a leaving come wholly before the record or after it.
 */
export async function readPlatform(
  db: Db,
  party: string,
  now: Date,
): Promise<PlatformRow | undefined> {
  await db.selectFrom('parties').select('id').where('id', '=', party).forKeyShare().execute();
  return db
    .selectFrom('parties')
    .select(['registration', 'enabled_reasons', 'submissions_per_day'])
    .select(['objections_until', 'active_from', 'probation_until', 'left_at'])
    .select(isSuspendedAt(now).as('submissions_suspended'))
    .select(sql<number>`reviewers_of(${party}, ${now})`.as('reviewers'))
    .select(backlogOf(party, now).as('backlog'))
    .where('id', '=', party)
    .executeTakeFirst();
}

/** Submissions since an instant, counted no further than `most`. */
export async function countSubmissions(
  db: Db,
  of: { party: string; since: Date; most: number },
): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from (
    select 1 from sanctions where party = ${of.party} and submitted_at > ${of.since} limit ${of.most}
  ) as spent`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Submissions of each day that had any. */
export async function dailySubmissions(
  db: Db,
  of: { party: string; since: Date },
): Promise<number[]> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from sanctions
    where party = ${of.party} and submitted_at > ${of.since}
    group by date_trunc('day', submitted_at, 'UTC')`.execute(db);
  return rows.map(({ n }) => n);
}

export interface NewRecord {
  readonly sanction: Insertable<SanctionsTable>;
  readonly wrappedKey: Uint8Array;
  /** Hash of the code that the platform hands out */
  readonly code: string;
  readonly subjects: readonly Insertable<SubjectsTable>[];
  /** The first line of its history */
  readonly event: 'drafted' | 'submitted';
  readonly at: Date;
}

/** Writes a record in one statement; false when its id or case code was taken meanwhile. */
export async function insertRecord(db: Db, record: NewRecord): Promise<boolean> {
  const { id } = record.sanction;
  const event = { sanction: id, position: 0, version: 1, event: record.event, cause: null };
  try {
    await db
      .with('s', (q) => q.insertInto('sanctions').values(record.sanction))
      .with('k', (q) =>
        q.insertInto('case_keys').values({ sanction: id, wrapped: record.wrappedKey }),
      )
      .with('c', (q) =>
        q
          .insertInto('case_codes')
          .values({ hash: record.code, sanction: id, position: null, made_at: record.at }),
      )
      .with('j', (q) => q.insertInto('subjects').values([...record.subjects]))
      .with('m', (q) => q.insertInto('prefix_changes').values({ sanction: id }))
      .insertInto('sanction_events')
      .values({ ...event, at: record.at })
      .execute();
    return true;
  } catch (error) {
    if (sqlState(error) === uniqueViolation) return false;
    throw error;
  }
}

const uniqueViolation = '23505';

/** Counts a refusal for the public report, after the refused call was rolled back. */
export async function countRefusal(
  db: Db,
  refused: { party: string; day: string; code: string; detail: string },
): Promise<void> {
  await db
    .insertInto('refusals')
    .values({ ...refused, n: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['party', 'day', 'code', 'detail'])
        .doUpdateSet({ n: sql<number>`refusals.n + 1` }),
    )
    .execute();
}

/** A draft that is given back lapses at that instant. */
export async function setReturned(
  db: Db,
  draft: { sanction: string; at: Date; by: string; sealed: Uint8Array },
): Promise<void> {
  await db
    .updateTable('sanctions')
    .set({ draft_lapses_at: draft.at, returned_by: draft.by, returned: draft.sealed })
    .where('id', '=', draft.sanction)
    .execute();
}

export async function setSubmitted(
  db: Db,
  draft: {
    sanction: string;
    submittedAt: Date;
    noticeDueAt: Date;
    priorMatch: boolean;
    backlogged: boolean;
  },
): Promise<void> {
  await db
    .updateTable('sanctions')
    .set({
      submitted_at: draft.submittedAt,
      notice_due_at: draft.noticeDueAt,
      prior_match: draft.priorMatch,
      backlogged: draft.backlogged,
    })
    .where('id', '=', draft.sanction)
    .execute();
}
