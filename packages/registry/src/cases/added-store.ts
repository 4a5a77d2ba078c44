import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** How many rows of an appeal there are; the caller holds the lock of its sanction. */
export async function countOf(
  db: Db,
  table: 'case_information' | 'case_files',
  appeal: string,
): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select(sql<number>`count(*)::int`.as('n'))
    .where('appeal', '=', appeal)
    .executeTakeFirstOrThrow();
  return row.n;
}

export interface AddedPlace {
  readonly appeal: string;
  readonly sanction: string;
  readonly claimant: string;
  readonly position: number;
  readonly way: number;
  readonly slot: number;
  readonly at: Date;
}
