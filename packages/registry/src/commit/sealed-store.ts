import type { Problem } from '@recourse/protocol';
import { sql, type CompiledQuery } from 'kysely';
import type { NewCheck } from './effects.ts';
import type { Db } from '../kernel/database.ts';
import type {
  AnswersTable,
  AuditGroupsTable,
  AuditTable,
  KeptCallsTable,
  OpeningsTable,
} from '../schema/calls.ts';
import { insertRows, type NewRow } from '../kernel/insert-rows.ts';
import { pipelined } from '../kernel/pipelined.ts';
import { sqlState } from '../kernel/retry.ts';
import { extentColumns, type LogExtent } from './extent-store.ts';
import type { SeenRows } from './seen-calls.ts';
import { keyStates, type KeyState } from './store.ts';

/** All that one commit writes of the calls it answers, beside what they changed. */
export interface SealedRows {
  readonly seen: readonly SeenRows[];
  /** None of changes that nobody called for */
  readonly group?: AuditGroupsTable;
  /** In place of the group before the contract: a row a call */
  readonly audit?: readonly AuditTable[];
  /** JCS of ledger entries, in order; never none */
  readonly entries: readonly string[];
  readonly openings: readonly NewRow<OpeningsTable, 'seq' | 'txid'>[];
  readonly answers: readonly AnswersTable[];
  readonly kept: readonly KeptCallsTable[];
  /** The checks that reads opened */
  readonly checks?: readonly NewCheck[];
  /** The keys of reads, whose state is read again beside */
  readonly kids?: readonly string[];
  /** Statements before it, in the same round trip */
  readonly along?: readonly CompiledQuery[];
  readonly at: Date;
}

/** A last statement of a call, which is sent with its audit row; nothing but these reads what it writes. */
export interface LastStatement {
  readonly query: CompiledQuery;
  /** Returns what the call is answered where the statement failed by this, if that is an answer */
  readonly refused: (error: unknown) => Problem | undefined;
}

export interface InsertResult {
  /** How many tables of seen calls had not seen each id */
  readonly seen: ReadonlyMap<string, number>;
  /** Before the contract, the calls whose audit row was new, as `kid jti`: servers of 0.1.0 write nothing else */
  readonly audited: ReadonlySet<string>;
  readonly keys: ReadonlyMap<string, KeyState>;
  readonly log: LogExtent;
  /** Rows of each statement that was sent along */
  readonly along: readonly (readonly unknown[])[];
}

/**
 * Writes them in one statement, since each costs a round trip while locks are held. An idem in use is an error, as is a
 * kid and jti in use where it was forgotten that they were seen.
 */
export async function insertSealed(db: Db, rows: SealedRows): Promise<InsertResult> {
  const { checks = [], kids = [], along = [] } = rows;
  const query = sql<InsertedRow>`
    with ${sql.join([...rows.seen.map(seeing), ...audited(rows)], sql``)}logged as (
      insert into ledger_pending (entries, at) select ${rows.entries}::text[], ${rows.at}
    )${rows.openings.length > 0 ? opened(rows) : nothing}${rows.answers.length > 0 ? answered(rows) : nothing}${checks.length > 0 ? checked(checks, rows.at) : nothing}
    select null as kid, null as jti, false as revoked, false as stopped, ${extentColumns}
    ${sql.join([...rows.seen.map(seenIn), rows.audit ? fromAudited : nothing], sql``)}
    ${kids.length > 0 ? sql`union all ${keyStates(kids, rows.at)}` : nothing}`.compile(db);
  const answers = await pipelined(db, [...along, query]);
  const [log, ...inserted] = answers.at(-1) as [LogExtent, ...InsertedRow[]];
  const isSeen = ({ kid }: InsertedRow): boolean => kid === '';
  const calls = inserted.filter((row) => !isKey(row));
  const seen = new Map<string, number>();
  for (const { jti } of calls.filter(isSeen)) seen.set(jti!, (seen.get(jti!) ?? 0) + 1);
  return {
    along: answers.slice(0, -1),
    log,
    seen,
    audited: new Set(calls.filter((row) => !isSeen(row)).map(({ kid, jti }) => `${kid} ${jti}`)),
    keys: new Map(inserted.filter(isKey).map(({ kid, ...state }) => [kid, state])),
  };
}

/**
 * The statement returns a row for each new audit row, one without a kid for each id that a table had not seen, and one
 * without a jti for each key. The extent of the log comes before them
 */
type InsertedRow = { kid: string; jti: string | null } & KeyState;

const isKey = ({ jti }: { jti: string | null }): boolean => jti === null;

/** The service role may write the one form of the audit alone: before the contract rows, and groups behind it. */
export const isOtherForm = (error: unknown): boolean =>
  sqlState(error) === '42501' && /\baudit(_groups)?\b/.test((error as Error).message);

/** Kid and jti of a call whose copies are forgotten, and whose answer or openings are kept. */
export const isReuse = (error: unknown): boolean =>
  sqlState(error) === '23505' &&
  /^(answers|openings)_pkey$/.test(
    String((error as { constraint_name?: unknown }).constraint_name),
  );

const seeing = ({ table, ids }: SeenRows) =>
  sql`${sql.id(`in_${table}`)} as (${insertRows(
    table,
    ids.map((id) => ({ id })),
  )} on conflict do nothing returning id), `;

const seenIn = ({ table }: SeenRows) => sql`
    union all select '', replace(id::text, '-', ''), false, false, null, null from ${sql.id(`in_${table}`)}`;

/** Most reads have nothing of these. */
const nothing = sql``;

const audited = ({ group, audit }: SealedRows) => {
  if (audit)
    return [
      sql`audited as (${insertRows('audit', audit)} on conflict do nothing returning kid, jti), `,
    ];
  return group ? [sql`grouped as (${insertRows('audit_groups', [group])}), `] : [];
};

const fromAudited = sql`
    union all select kid, jti, false, false, null, null from audited`;

const opened = ({ openings }: SealedRows) => sql`, opened as (
      ${insertRows('openings', openings)}
    )`;

const answered = ({ answers, kept }: SealedRows) => sql`, answered as (
      ${insertRows('answers', answers)}
    )${kept.length > 0 ? sql`, kept as (${insertRows('kept_calls', kept)} on conflict do nothing)` : nothing}`;

const checked = (checks: readonly NewCheck[], at: Date) => sql`, checked as (
      ${insertRows(
        'checks',
        checks.map(({ provenAt, ...check }) => ({ ...check, proven_at: provenAt, at })),
      )}
    )`;
