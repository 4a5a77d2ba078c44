import type {
  EndCause,
  HistoryCause,
  HistoryEvent,
  Id,
  PauseCause,
  SanctionState,
} from '@recourse/protocol';
import { sql, type CompiledQuery, type RawBuilder, type Selectable, type Updateable } from 'kysely';
import type { EndKind } from './life.rules.ts';
import { lifeColumns, lifeJoins } from '../schema/life-columns.ts';
import type { Db } from '../kernel/database.ts';
import type { EndsTable, SuspensionsTable } from '../schema/cases.ts';
import type { SanctionsTable } from '../schema/sanctions.ts';

/** The columns by which one sanction ends of itself. */
export interface EndingRow extends Pick<
  Selectable<SanctionsTable>,
  | 'submitted_at'
  | 'draft_lapses_at'
  | 'notice_due_at'
  | 'notified_at'
  | 'expires_at'
  | 'amended_until'
  | 'confirmed_at'
> {
  end_kind: EndKind | null;
  end_cause: EndCause | null;
  end_at: Date | null;
  /** When the submitter left */
  left_at: Date | null;
  /** The open appeal, with its clocks */
  appeal: Id<'apl'> | null;
  evidence_due_at: Date | null;
  evidence_lapses_at: Date | null;
  decision_due_at: Date | null;
  undecided_at: Date | null;
  relief_due_at: Date | null;
  relief_decided_at: Date | null;
  relief_spared: boolean | null;
  withdraws_at: Date | null;
  bound: boolean | null;
  keeps_until: Date | null;
  /** When the epoch of its newest tokens closes */
  tokens_until: Date | null;
  /** The clocks of the open inspection */
  inspection_evidence_due_at: Date | null;
  inspection_examine_by: Date | null;
  /** When the suspension that opened it is over */
  inspection_over_at: Date | null;
}

/** A sanction that another one evades, as JSON: instants are text. */
export type EvadedRow = {
  readonly [Column in keyof EndingRow]: EndingRow[Column] extends Date | null
    ? Exclude<EndingRow[Column], Date> | string
    : EndingRow[Column];
} & { readonly sanction: string; readonly version: number };

/** The columns that decide its state: `schema/life-columns.ts`. */
export interface LifeRow
  extends
    EndingRow,
    Pick<Selectable<SanctionsTable>, 'visible_from' | 'backlogged' | 'backlog_over_at'> {
  /** JSON: `until` is text */
  open_suspensions: readonly { cause: PauseCause; until: string | null }[];
  /** The clock of the open review of a derived record */
  derived_due_at: Date | null;
  compromised_since: Date | null;
  /** The sanctions that this one evades, directly or through others */
  evaded: readonly EvadedRow[] | null;
}

/** A sanction with the rows that decide its state, as the store reads it in one statement. */
export interface SanctionRow extends Selectable<SanctionsTable>, LifeRow {
  id: Id<'snc'>;
  /** The probation of the submitter */
  probation_until: Date | null;
  /** When the last appeal that kept it held was closed, or kept it no longer */
  kept_until: Date | null;
  /** The open inspection */
  inspection: Id<'itm'> | null;
  /** The key of its case; none once it is erased */
  wrapped_key: Uint8Array | null;
}

/** `reasonOf` and `expiryOf` in SQL, of a record `s`. */
export const reasonInSql = 'coalesce(s.amended_reason, s.reason)';
export const expiryInSql = 'coalesce(s.amended_until, s.expires_at)';

/** Locks a sanction FOR UPDATE, then reads it; `lockRecord` has what one does with it then. */
export async function lockSanction(db: Db, id: string): Promise<SanctionRow | undefined> {
  await db.selectFrom('sanctions').select('id').where('id', '=', id).forUpdate().execute();
  return findSanction(db, id);
}

/** Keeps a sanction from changing until the commit, while others may read it and do the same. */
export const sanctionShare = (db: Db, id: string): CompiledQuery =>
  sql`select id from sanctions where id = ${id} for share`.compile(db);

export async function shareSanction(db: Db, id: string): Promise<SanctionRow | undefined> {
  await db.executeQuery(sanctionShare(db, id));
  return findSanction(db, id);
}

export const sanctionQuery = (db: Db, id: string) => sanctionRows(db).where('s.id', '=', id);
export const findSanction = (db: Db, id: string): Promise<SanctionRow | undefined> =>
  sanctionQuery(db, id).executeTakeFirst();

/** Which records of a platform are read, the newest first. */
export interface SanctionPage {
  readonly party: string;
  readonly before: string | undefined;
  readonly limit: number;
  readonly sanction?: string | undefined;
  readonly ref?: string | undefined;
  readonly returned?: true | undefined;
  /** Rows that cannot be in this state now are left out; of the others the life decides */
  readonly perhaps?: { readonly state: SanctionState; readonly now: Date } | undefined;
}

export function listSanctions(
  db: Db,
  { party, before, limit, sanction, ref, returned, perhaps }: SanctionPage,
): Promise<SanctionRow[]> {
  return sanctionRows(db)
    .where('s.party', '=', party)
    .$if(before !== undefined, (query) => query.where('s.id', '<', before!))
    .$if(sanction !== undefined, (query) => query.where('s.id', '=', sanction!))
    .$if(ref !== undefined, (query) => query.where('s.ref', '=', ref!))
    .$if(returned === true, (query) => query.where('s.returned_by', 'is not', null))
    .$if(perhaps !== undefined, (query) => query.where(mayBe(perhaps!)))
    .orderBy('s.id', 'desc')
    .limit(limit)
    .execute();
}

/** Keeps what every row in a state shows, so that few others are read. Time may have ended a row without `end_kind`. */
function mayBe({ state, now }: { state: SanctionState; now: Date }): RawBuilder<boolean> {
  switch (state) {
    case 'draft':
      return sql`s.end_kind is null and s.submitted_at is null`;
    case 'held':
      return sql`s.end_kind is null and s.submitted_at is not null and (
        s.visible_from is null or s.visible_from > ${now} or s.keeps_until is not null or s.backlogged)`;
    case 'visible':
    case 'suspended':
      return sql`s.end_kind is null and s.submitted_at is not null`;
    case 'expired':
    case 'withdrawn':
    case 'reversed':
    case 'undecided':
      break;
  }
  return sql`(s.end_kind is null or s.end_kind = ${state})`;
}

/** Records with their lives; conditions are about `s`. */
export const sanctionRows = (db: Db) =>
  db
    .selectFrom(
      sql<Omit<SanctionRow, 'id'> & { id: string }>`(
        select s.*, ${sql.raw(lifeColumns)}, p.probation_until, i.id as inspection, w.wrapped as wrapped_key,
          evaded_records(s.evades) as evaded, (
            select max(least(h.closed_at, h.keeps_until)) from appeals h
            where h.sanction = s.id and h.closed_at is not null and h.keeps_until is not null) as kept_until
        from sanctions s ${sql.raw(lifeJoins)} left join case_keys w on w.sanction = s.id)`.as('s'),
    )
    .selectAll('s')
    .$castTo<SanctionRow>();

export async function wasTold(
  db: Db,
  query: { sanction: string; party: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('disclosures')
    .select('version')
    .where('sanction', '=', query.sanction)
    .where('party', '=', query.party)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Reads the subjects of a sanction, by their newest tokens. */
export const subjectsQuery = (db: Db, sanction: string) =>
  db
    .selectFrom('subjects as u')
    .innerJoin('sanctions as s', (join) =>
      join.onRef('s.id', '=', 'u.sanction').onRef('s.epoch', '=', 'u.epoch'),
    )
    .select(['u.position', 'u.kind', 'u.control', 'u.lookup', 'u.proven_at', 'u.matches_until'])
    .select(['u.detached_at', 'u.delivered_at', 'u.review_from', 's.epoch'])
    .where('u.sanction', '=', sanction)
    .orderBy('u.position');
export const subjectsOf = (db: Db, sanction: string) => subjectsQuery(db, sanction).execute();

export const historyQuery = (db: Db, sanction: string) =>
  db
    .selectFrom('sanction_events')
    .select(['event', 'cause', 'at'])
    .where('sanction', '=', sanction)
    .orderBy('position');
export const historyOf = (db: Db, sanction: string) => historyQuery(db, sanction).execute();

/**
 * The next line of a history; the caller holds the lock of the sanction. Its first `visible` and its `ended`
 * are what the scheduler no longer looks for. What a prefix set depends on is marked for whoever folds it.
 */
export async function appendEvent(
  db: Db,
  event: {
    sanction: string;
    version: number;
    event: HistoryEvent;
    cause?: HistoryCause | undefined;
    at: Date;
  },
): Promise<void> {
  await sql`
    with line as (
      insert into sanction_events (sanction, position, version, event, cause, at)
      select ${event.sanction}, coalesce(max(position), -1) + 1, ${event.version}, ${event.event},
        ${event.cause ?? null}, ${event.at}
      from sanction_events where sanction = ${event.sanction}
      returning sanction, event
    ), marked as (
      insert into prefix_changes (sanction) select sanction from line
      where event in ('submitted', 'ended', 'amended', 'retokenised')
    )
    update sanctions s
    set visible_recorded = visible_recorded or line.event = 'visible',
      end_recorded = end_recorded or line.event = 'ended'
    from line where s.id = line.sanction and line.event in ('visible', 'ended')`.execute(db);
}

/** Its row, and its instant with the record: the one is compared by whoever submits again. */
export async function insertEnd(
  db: Db,
  end: Omit<EndsTable, 'lifted_at' | 'texts'> & Partial<Pick<EndsTable, 'lifted_at'>>,
): Promise<void> {
  const row = { lifted_at: null, ...end };
  await db
    .with('ended', (cte) => cte.insertInto('ends').values(row).returning(['sanction', 'at']))
    .updateTable('sanctions')
    .from('ended')
    .set((row) => ({ ended_early_at: row.ref('ended.at') }))
    .whereRef('sanctions.id', '=', 'ended.sanction')
    .execute();
}

const change = (db: Db, sanction: string, values: Updateable<SanctionsTable>) =>
  db.updateTable('sanctions').set(values).where('id', '=', sanction).execute();

export async function setVersion(db: Db, sanction: string, version: number): Promise<void> {
  await change(db, sanction, { version });
}

export async function insertSuspension(
  db: Db,
  suspension: Omit<SuspensionsTable, 'lifted_at'>,
): Promise<void> {
  await db
    .insertInto('suspensions')
    .values({ ...suspension, lifted_at: null })
    .execute();
}

/** Lifts the open suspensions of these causes, or all; how many there were. */
export async function liftSuspensions(
  db: Db,
  { causes, at, sanction }: { sanction: string; causes?: readonly PauseCause[]; at: Date },
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('suspensions')
    .set({ lifted_at: sql<Date>`greatest(since, ${at})` })
    .where('sanction', '=', sanction)
    .where('lifted_at', 'is', null)
    .$if(causes !== undefined, (query) => query.where('cause', 'in', causes!))
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Sanctions that name this one as evaded, in the order in which they are locked. */
export async function evadersOf(db: Db, sanction: string): Promise<string[]> {
  const rows = await db
    .selectFrom('sanctions')
    .select('id')
    .where('evades', '=', sanction)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

export async function setNoticeDue(db: Db, due: { sanction: string; at: Date }): Promise<void> {
  await change(db, due.sanction, { notice_due_at: due.at });
}
