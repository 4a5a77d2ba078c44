import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** How far the log in a database goes, as one statement reads it. */
export interface LogExtent {
  /** Entries that have a place in the tree */
  readonly size: number;
  /** Size of the newest checkpoint; 0 before the first */
  readonly signed: number;
}

/** The memory of this server about its log. An old copy of the database cannot have it. */
export interface LogMemory {
  /**
   * Made before the statement that reads the extent is sent: what is learned while that runs proves nothing against it.
   * @returns judges what was read. It throws Problem `recovering` where one of `ops` may not be answered
   */
  comparing(ops: readonly string[]): (found: LogExtent) => void;
}

/** Columns of {@link LogExtent}: two rows by index, in a statement that is sent anyway. */
export const extentColumns = sql`(select size from ledger_state) as size,
  (select coalesce(max(size), 0) from ledger_checkpoints) as signed`;

/**
 * Refuses to go on with a database that was rolled back, where no statement is at hand that reads the extent along.
 * @throws Problem `recovering`
 */
export async function assertReached(db: Db, ledger: LogMemory, op: string): Promise<void> {
  const judge = ledger.comparing([op]);
  const { rows } = await sql<LogExtent>`select ${extentColumns}`.execute(db);
  for (const row of rows) judge(row);
}
