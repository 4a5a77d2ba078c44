import type { Db } from '../database.ts';

/** The wrapped keys of cases; an erased case has none. */
export async function wrappedCaseKeys(
  db: Db,
  sanctions: readonly string[],
): Promise<{ sanction: string; wrapped: Uint8Array }[]> {
  if (sanctions.length === 0) return [];
  return db.selectFrom('case_keys').selectAll().where('sanction', 'in', sanctions).execute();
}

/** Erases a case: what is sealed under its key, and the salts of its entries, are gone wherever copies of the rows lie. */
export async function destroyCaseKey(db: Db, sanction: string): Promise<void> {
  await db.deleteFrom('case_keys').where('sanction', '=', sanction).execute();
}
