import { sql, type CompiledQuery } from 'kysely';
import type { LastStatement } from '../commit/sealed-store.ts';
import { insertRows, type NewRow } from '../kernel/insert-rows.ts';
import { refusal } from '../kernel/refusal.ts';
import { sqlState } from '../kernel/retry.ts';
import type { Db } from '../kernel/database.ts';
import type { SubjectsTable } from '../schema/cases.ts';
import type { SanctionsTable } from '../schema/sanctions.ts';
import type { FactsRow } from './facts-store.ts';
import { standingOf } from '../records/record.ts';
import { sanctionRows, type SanctionRow } from '../records/store.ts';

/**
 * Serialises submissions of one group about one subject: whoever comes second waits here, then sees the
 * record of the first. Rows are taken in one order, so that two submissions cannot wait for each other.
 */
export function subjectLocks(
  db: Db,
  { lookups, party, now }: { party: string; lookups: readonly Uint8Array[]; now: Date },
): CompiledQuery {
  const distinct = [...new Set(lookups.map((lookup) => Buffer.from(lookup).toString('hex')))];
  return sql`insert into submitter_subjects (group_name, lookup, submissions)
    select distinct g.name, decode(hex, 'hex'), 1
    from jsonb_array_elements_text(${distinct}::jsonb) hex, groups_of(${party}, ${now}) as g(name)
    order by 2, 1
    on conflict (lookup, group_name) do update set submissions = submitter_subjects.submissions + 1`.compile(
    db,
  );
}

/** Shared until the commit: a suspension, which examines what is there, comes wholly before the record or after it. */
export const partyShare = (db: Db, party: string): CompiledQuery =>
  sql`select id from parties where id = ${party} for key share`.compile(db);

/** Records among these that are of one group. */
export async function recordsAmong(
  db: Db,
  { ids, parties }: { ids: readonly string[]; parties: readonly string[] },
): Promise<SanctionRow[]> {
  if (ids.length === 0) return [];
  return sanctionRows(db)
    .where('s.id', 'in', [...ids])
    .where('s.party', 'in', [...parties])
    .execute();
}

/**
 * True where a group has a record of a reason without tokens of an epoch that ended early, no sooner than an incident
 * began.
 * @param behind records without such tokens; `ended` where the row of its end says so
 */
export async function isLeftBehind(
  db: Db,
  behind: FactsRow['behind'],
  { now, from }: { from: Date; now: Date },
): Promise<boolean> {
  if (behind.length === 0 || behind[0]?.ended) return behind.length > 0;
  // No job has written yet how these ended.
  const ids = behind.map(({ id }) => id);
  const unwritten = await sanctionRows(db).where('s.id', 'in', ids).execute();
  return unwritten.some((row) => {
    const { ended } = standingOf(row, now);
    return ended !== undefined && ended.state !== 'expired' && ended.at >= from;
  });
}

/** The columns that a record gets when it is told of, decided, ended or erased. */
type LaterOfRecord =
  | 'returned_by'
  | 'returned'
  | 'stated_at'
  | 'notified_at'
  | 'others_from'
  | 'visible_from'
  | 'version'
  | 'amended_until'
  | 'amended_reason'
  | 'amendment'
  | 'backlog_over_at'
  | 'confirmed_at'
  | 'visible_recorded'
  | 'end_recorded'
  | 'ended_early_at'
  | 'texts_erased_at'
  | 'erased_at'
  | 'erased_leaf';

export interface NewRecord {
  readonly sanction: NewRow<SanctionsTable, LaterOfRecord>;
  readonly wrappedKey: Uint8Array;
  /** The commitments of its statement */
  readonly evidence: readonly string[];
  /** Hash of the code that the platform hands out */
  readonly code: string;
  readonly subjects: readonly NewRow<
    SubjectsTable,
    'detached_at' | 'delivered_at' | 'review_from'
  >[];
  /** The first line of its history */
  readonly event: 'drafted' | 'submitted';
  readonly at: Date;
}

/** Writes a record in one statement, which is refused when its id or case code was taken meanwhile. */
export function recordInsert(db: Db, record: NewRecord): LastStatement {
  const { sanction, subjects, wrappedKey, evidence, code, event, at } = record;
  const { id } = sanction;
  const commitments = evidence.map((commitment) => ({ commitment, sanction: id }));
  return {
    query: sql`
      with s as (${insertRows('sanctions', [sanction])}),
      k as (${insertRows('case_keys', [{ sanction: id, wrapped: wrappedKey }])}),
      c as (${insertRows('case_codes', [{ hash: code, sanction: id, position: null, made_at: at }])}),
      j as (${insertRows('subjects', subjects)}),
      e as (${insertRows('evidence_commitments', commitments)}),
      m as (${insertRows('prefix_changes', [{ sanction: id }])})
      ${insertRows('sanction_events', [{ sanction: id, position: 0, version: 1, event, cause: null, at }])}`.compile(
      db,
    ),
    refused: (error) =>
      takenBy(error, ['sanctions', 'case_codes'])
        ? refusal('state-conflict', 'statement.jti', 'taken')
        : undefined,
  };
}

/** True where one of these tables had the key of a new row. */
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
    relayed: boolean;
  },
): Promise<void> {
  await db
    .updateTable('sanctions')
    .set({
      submitted_at: draft.submittedAt,
      notice_due_at: draft.noticeDueAt,
      prior_match: draft.priorMatch,
      backlogged: draft.backlogged,
      relayed: draft.relayed,
    })
    .where('id', '=', draft.sanction)
    .execute();
}
