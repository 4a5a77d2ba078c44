import { sql } from 'kysely';
import type { Db } from '../database.ts';

/** The platforms that are one with a platform, itself among them: those of every group it was in for the last 24 months. */
export async function groupMembers(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from group_members(${party}, ${now}) as g(id) order by id`.execute(db);
  return rows.map(({ id }) => id);
}
