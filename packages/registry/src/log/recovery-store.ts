import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { noCounts, type RecoveryCounts } from '../kernel/recovery-counts.ts';

export interface OpenRecovery {
  /** Size of the log in the database that was restored */
  readonly from: number;
  /** The entries before this one took effect */
  readonly applied: number;
  readonly counts: RecoveryCounts;
}

const openRows = (db: Db) =>
  db
    .selectFrom('ledger_recoveries')
    .select(['from_size as from', 'applied', 'counts'])
    .where('finished_at', 'is', null);

export const openRecovery = (db: Db): Promise<OpenRecovery | undefined> =>
  openRows(db).executeTakeFirst();

/** The same, locked until the commit. */
export const lockRecovery = (db: Db): Promise<OpenRecovery | undefined> =>
  openRows(db).forUpdate().executeTakeFirst();

/** Remembers where the log ended in the database that was restored, unless an earlier run did. */
export async function beginRecovery(db: Db): Promise<OpenRecovery> {
  await sql`
    insert into ledger_recoveries (from_size, applied, counts)
    select size, size, ${noCounts}::jsonb from ledger_state
    on conflict do nothing`.execute(db);
  return openRows(db).executeTakeFirstOrThrow();
}

export async function advanceRecovery(
  db: Db,
  to: { applied: number; counts: RecoveryCounts },
): Promise<void> {
  await db.updateTable('ledger_recoveries').set(to).where('finished_at', 'is', null).execute();
}

export async function closeRecovery(db: Db, at: Date): Promise<void> {
  await db
    .updateTable('ledger_recoveries')
    .set({ finished_at: at })
    .where('finished_at', 'is', null)
    .execute();
}

/** Entries of the log in order, from one place to another. */
export const entriesBetween = (
  db: Db,
  { from, to }: { from: number; to: number },
): Promise<{ index: number; entry: string }[]> =>
  db
    .selectFrom('ledger_entries')
    .select(['index', 'entry'])
    .where('index', '>=', from)
    .where('index', '<', to)
    .orderBy('index')
    .execute();

/**
 * Commits that waited when the copy of the database was made, and that the log has since: their changes are in the
 * database, their entries in the log.
 */
export async function loggedSince(
  db: Db,
  from: number,
): Promise<{ commits: number[]; entries: Set<number> }> {
  const { rows } = await sql<{ seq: number; index: number }>`
    select p.seq, l.index from ledger_pending p cross join unnest(p.entries) as e(entry)
    join ledger_entries l on l.leaf = sha256('\\x00'::bytea || convert_to(e.entry, 'UTF8'))
    where l.index >= ${from}`.execute(db);
  return {
    commits: [...new Set(rows.map(({ seq }) => seq))],
    entries: new Set(rows.map(({ index }) => index)),
  };
}

export async function dropPending(db: Db, commits: readonly number[]): Promise<void> {
  if (commits.length === 0) return;
  await db.deleteFrom('ledger_pending').where('seq', 'in', commits).execute();
}

/** Sanctions whose cases were not erased, in the order of their ids, with the wrapped keys. */
export const casesAfter = (
  db: Db,
  { after, limit }: { after: string; limit: number },
): Promise<{ sanction: string; wrapped: Uint8Array }[]> =>
  db
    .selectFrom('case_keys')
    .selectAll()
    .where('sanction', '>', after)
    .orderBy('sanction')
    .limit(limit)
    .execute();
