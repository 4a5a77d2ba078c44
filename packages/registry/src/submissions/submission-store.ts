import { CompiledQuery, sql, type Insertable } from 'kysely';
import type { LastStatement } from '../commit/sealed-store.ts';
import { refusal } from '../kernel/refusal.ts';
import { sqlState } from '../kernel/retry.ts';
import type { Db, SanctionsTable, SubjectsTable } from '../kernel/database.ts';
import type { FactsRow } from './facts-query.ts';
import { standingOf } from '../records/record.ts';
import { sanctionRows, type SanctionRow } from '../records/store.ts';

/**
 * Serialises submissions of one group about one subject: whoever comes second waits here, then sees the
 * record of the first. Rows are taken in one order, so that two submissions cannot wait for each other.
 */
export function subjectLocks(
  db: Db,
  of: { party: string; lookups: readonly Uint8Array[]; now: Date },
): CompiledQuery {
  const distinct = [...new Set(of.lookups.map((lookup) => Buffer.from(lookup).toString('hex')))];
  return sql`insert into submitter_subjects (group_name, lookup, submissions)
    select distinct g.name, decode(hex, 'hex'), 1
    from jsonb_array_elements_text(${distinct}::jsonb) hex, groups_of(${of.party}, ${of.now}) as g(name)
    order by 2, 1
    on conflict (lookup, group_name) do update set submissions = submitter_subjects.submissions + 1`.compile(
    db,
  );
}

/**
 * Serialises submissions that are counted, or all of those that come at once find the same room: those of a platform in
 * probation, or without a bucket set by operators. No token has this lookup: its row stands for all of a group.
 */
export const bucketLock = (db: Db, { party, now }: { party: string; now: Date }) =>
  sql`insert into submitter_subjects (group_name, lookup, submissions)
    select g.name, decode(repeat('00', 32), 'hex'), 1 from parties p, groups_of(p.id, ${now}) as g(name)
    where p.id = ${party} and (p.submissions_per_day is null or p.probation_until > ${now})
    order by 1
    on conflict (lookup, group_name) do update set submissions = submitter_subjects.submissions + 1`.compile(
    db,
  );

/** Shared until the commit: a suspension, which examines what is there, comes wholly before the record or after it. */
export const partyShare = (db: Db, party: string): CompiledQuery =>
  sql`select id from parties where id = ${party} for key share`.compile(db);

/** Records among these that are of one group. */
export async function recordsAmong(
  db: Db,
  of: { ids: readonly string[]; parties: readonly string[] },
): Promise<SanctionRow[]> {
  if (of.ids.length === 0) return [];
  return sanctionRows(db)
    .where('s.id', 'in', [...of.ids])
    .where('s.party', 'in', [...of.parties])
    .execute();
}

/**
 * Whether a group has a record of a reason without tokens of an epoch that ended early, no sooner than an incident began.
 * @param behind records without such tokens; `ended` where the row of its end says so
 */
export async function isLeftBehind(
  db: Db,
  behind: FactsRow['behind'],
  of: { from: Date; now: Date },
): Promise<boolean> {
  if (behind.length === 0 || behind[0]?.ended) return behind.length > 0;
  // No job has written yet how these ended.
  const ids = behind.map(({ id }) => id);
  const unwritten = await sanctionRows(db).where('s.id', 'in', ids).execute();
  return unwritten.some((row) => {
    const { ended } = standingOf(row, of.now);
    return ended !== undefined && ended.state !== 'expired' && ended.at >= of.from;
  });
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

/** Writes a record in one statement, which is refused when its id or case code was taken meanwhile. */
export function recordInsert(record: NewRecord): LastStatement {
  const { sanction, subjects, wrappedKey, code, event, at } = record;
  const row = {
    sanction: { ...sanction, account: hexOf(sanction.account) },
    subjects: subjects.map((one) => ({
      ...one,
      lookup: hexOf(one.lookup),
      sealed: hexOf(one.sealed),
    })),
    id: sanction.id,
    wrapped: hexOf(wrappedKey),
    code,
    event,
    at,
  };
  return {
    query: CompiledQuery.raw(insertText, [row]),
    refused: (error) =>
      takenBy(error, ['sanctions', 'case_codes'])
        ? refusal('state-conflict', 'statement.jti', 'taken')
        : undefined,
  };
}

/** Bytes as PostgreSQL reads them from JSON */
const hexOf = (bytes: Uint8Array): string => String.raw`\x${Buffer.from(bytes).toString('hex')}`;

const sanctionColumns = `id, party, kid, holder, statement, reason, age, decided_at, incident_from, incident_to,
  expires_at, drafted_at, draft_lapses_at, submitted_at, notice_due_at, withheld_ground, prior_match, evades, ref,
  commitments, epoch, account, backlogged, next_at`;

const subjectColumns = `sanction, position, epoch, lookup, kind, control, proven_at, matches_until, sealed`;

/** One text, prepared once a connection, that no builder writes: a record has some fifty columns. $1 the rows. */
const insertText = `
with r as materialized (
  select * from jsonb_to_record($1::jsonb) as t(id text, sanction jsonb, subjects jsonb, wrapped bytea, code text,
    event text, at timestamptz)
), s as (
  insert into sanctions (${sanctionColumns})
  select ${sanctionColumns} from jsonb_populate_record(null::sanctions, $1::jsonb -> 'sanction')
), k as (
  insert into case_keys (sanction, wrapped) select id, wrapped from r
), c as (
  insert into case_codes (hash, sanction, position, made_at) select code, id, null, at from r
), j as (
  insert into subjects (${subjectColumns})
  select ${subjectColumns} from jsonb_populate_recordset(null::subjects, $1::jsonb -> 'subjects')
), m as (
  insert into prefix_changes (sanction) select id from r
)
insert into sanction_events (sanction, position, version, event, cause, at)
select id, 0, 1, event, null, at from r`;

/** Whether one of these tables had the key of a new row. */
const takenBy = (error: unknown, tables: readonly string[]): boolean =>
  sqlState(error) === '23505' &&
  error instanceof Error &&
  'table_name' in error &&
  tables.includes(String(error.table_name));

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
