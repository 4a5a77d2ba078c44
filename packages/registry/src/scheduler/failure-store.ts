import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** Work that could not be written is tried again after 30 s, then after twice as long each time, up to an hour. */
const firstWait = 30;
const longestWait = 3_600;

/** The id of a kind of which nothing could be looked for. */
export const wholeKind = '*';

/** The error of what is recorded before it begins, while nothing has failed. */
export const begun = 'begun';

interface DueFailure {
  readonly id: string;
  readonly retry_at: Date;
}

export const readFailures = (db: Db, kind: string): Promise<DueFailure[]> =>
  db.selectFrom('due_failures').select(['id', 'retry_at']).where('kind', '=', kind).execute();

/** Records a failure. Of two servers that fail at once, one counts. */
export async function recordFailure(
  db: Db,
  { kind, id, now, error }: { kind: string; id: string; error: unknown; now: Date },
): Promise<void> {
  const wait = sql`least(${firstWait} * 2 ^ least(f.failures, 20), ${longestWait})`;
  await sql`
    insert into due_failures as f (kind, id, failures, retry_at, error)
    values (${kind}, ${id}, 1, ${now}::timestamptz + ${firstWait} * interval '1 second', ${classOf(error)})
    on conflict (kind, id) do update set failures = f.failures + 1, error = excluded.error,
      retry_at = ${now}::timestamptz + ${wait} * interval '1 second'
    where f.retry_at <= ${now}`.execute(db);
}

/**
 * Whatever of a kind was to be tried again by then, and did not fail again, is written or due no more; and the kind itself
 * was looked for.
 */
export async function forgetFailures(db: Db, passed: { kind: string; now: Date }): Promise<void> {
  await db
    .deleteFrom('due_failures')
    .where('kind', '=', passed.kind)
    .where((eb) => eb.or([eb('retry_at', '<=', passed.now), eb('id', '=', wholeKind)]))
    .execute();
}

/** The failures of one kind with one class of error. */
export interface FailureCount {
  readonly kind: string;
  readonly error: string;
  readonly n: number;
  /** Failures of the one that failed the most often */
  readonly failures: number;
}

export async function countFailing(db: Db): Promise<FailureCount[]> {
  const { rows } = await sql<FailureCount>`
    select kind, error, count(*)::int as n, max(failures) as failures
    from due_failures where error <> ${begun} group by kind, error order by kind, error`.execute(
    db,
  );
  return rows;
}

/** Never its message: that may quote values. */
export function classOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const said = 'code' in error ? error.code : error.name;
  return typeof said === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(said) ? said : 'unknown';
}
