import type { Db } from '../kernel/database.ts';

/** The wrapped keys of cases; an erased case has none. */
export async function wrappedCaseKeys(
  db: Db,
  sanctions: readonly string[],
): Promise<{ sanction: string; wrapped: Uint8Array }[]> {
  if (sanctions.length === 0) return [];
  return db.selectFrom('case_keys').selectAll().where('sanction', 'in', sanctions).execute();
}
