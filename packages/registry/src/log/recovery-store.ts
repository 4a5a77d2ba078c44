import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { noCounts, type RecoveryCounts } from '../schema/recovery-counts.ts';

export interface OpenRecovery {
  /** Size of the log in the database that was restored */
  readonly from: number;
  /** The entries before this one took effect */
  readonly applied: number;
  readonly counts: RecoveryCounts;
  /** Differences in the database that was restored, before anything was done: hashes, as those of losses */
  readonly faults: readonly string[];
}

const openRows = (db: Db) =>
  db
    .selectFrom('ledger_recoveries')
    .select(['from_size as from', 'applied', 'counts', 'faults'])
    .where('finished_at', 'is', null);

export const openRecovery = (db: Db): Promise<OpenRecovery | undefined> =>
  openRows(db).executeTakeFirst();

/** The same, locked until the commit. */
export const lockRecovery = (db: Db): Promise<OpenRecovery | undefined> =>
  openRows(db).forUpdate().executeTakeFirst();

/** Remembers where the log ended in the database that was restored, unless an earlier run did. */
export async function beginRecovery(db: Db): Promise<OpenRecovery> {
  await sql`
    insert into ledger_recoveries (from_size, applied, counts, faults)
    select size, size, ${noCounts}::jsonb, '{}'::text[] from ledger_state
    on conflict do nothing`.execute(db);
  return openRows(db).executeTakeFirstOrThrow();
}

/** Remembers what differed before anything was done. */
export async function noteFaults(db: Db, faults: readonly string[]): Promise<void> {
  await sql`update ledger_recoveries set faults = ${faults}::text[]
    where finished_at is null and applied = from_size`.execute(db);
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

/** @param losses hashes in hex, of the recovery that began at a size */
export async function insertLosses(
  db: Db,
  { from, losses }: { from: number; losses: readonly string[] },
): Promise<void> {
  await sql`insert into ledger_losses (from_size, loss)
    select ${from}, decode(loss, 'hex') from unnest(${losses}::text[]) as l(loss)`.execute(db);
}

/** Reads the losses of recoveries, in the order of the recoveries and of the hashes. */
export async function readLosses(db: Db): Promise<{ from: number; loss: string }[]> {
  const { rows } = await sql<{ from: number; loss: string }>`
    select from_size as from, encode(loss, 'hex') as loss from ledger_losses
    order by from_size, ledger_losses.loss`.execute(db);
  return rows;
}

/** The `restored` entries behind a place of the log, and those that wait. */
export async function restoredEntries(db: Db, from: number): Promise<string[]> {
  const isRestored = '%"type":"restored"%';
  const { rows } = await sql<{ entry: string }>`
    select entry from ledger_entries where index >= ${from} and entry like ${isRestored}
    union all
    select entry from ledger_pending, unnest(entries) as e(entry) where entry like ${isRestored}`.execute(
    db,
  );
  return rows.map(({ entry }) => entry);
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
): Promise<{ commits: number[]; entries: Set<number>; leaves: Set<string> }> {
  const { rows } = await sql<{ seq: number; index: number; leaf: string }>`
    select p.seq, l.index, encode(l.leaf, 'hex') as leaf from ledger_pending p cross join unnest(p.entries) as e(entry)
    join ledger_entries l on l.leaf = sha256('\\x00'::bytea || convert_to(e.entry, 'UTF8'))
    where l.index >= ${from}`.execute(db);
  return {
    commits: [...new Set(rows.map(({ seq }) => seq))],
    entries: new Set(rows.map(({ index }) => index)),
    leaves: new Set(rows.map(({ leaf }) => leaf)),
  };
}

export async function dropPending(db: Db, commits: readonly number[]): Promise<void> {
  if (commits.length === 0) return;
  await db.deleteFrom('ledger_pending').where('seq', 'in', commits).execute();
}

/** A case that was not erased. */
export interface HeldCase {
  readonly sanction: string;
  readonly wrapped: Uint8Array;
  /** Nobody is told of it any more */
  readonly ended: boolean;
  readonly told: readonly string[];
}

/** Cases that were not erased, in the order of their ids. */
export async function casesAfter(
  db: Db,
  { after, limit }: { after: string; limit: number },
): Promise<HeldCase[]> {
  const { rows } = await sql<HeldCase>`
    select k.sanction, k.wrapped, s.end_recorded as ended,
      array(select distinct d.party from disclosures d where d.sanction = k.sanction) as told
    from case_keys k join sanctions s on s.id = k.sanction
    where k.sanction > ${after} order by k.sanction limit ${limit}`.execute(db);
  return rows;
}
