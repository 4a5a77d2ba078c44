import type { Db } from '../kernel/database.ts';
import type { CaseKey, Vault } from './vault.ts';

/** The wrapped keys of cases; an erased case has none. */
export async function wrappedCaseKeys(
  db: Db,
  sanctions: readonly string[],
): Promise<{ sanction: string; wrapped: Uint8Array }[]> {
  if (sanctions.length === 0) return [];
  return db.selectFrom('case_keys').selectAll().where('sanction', 'in', sanctions).execute();
}

interface WithVault {
  readonly services: { readonly vault: Vault };
}

/**
 * The key of a case with its id, as entries of the ledger need them, of a record that is not read. Nothing where the case
 * was erased: a recovered registry repeats an erasure of the log, and may owe a recall of that case all the same.
 * @throws RegistryError where the key alone is gone
 */
export async function caseOf(
  { db, services }: WithVault & { db: Db },
  sanction: string,
): Promise<{ sanction: string; caseKey: CaseKey } | undefined> {
  const [row] = await wrappedCaseKeys(db, [sanction]);
  if (!row && (await isErased(db, sanction))) return undefined;
  const wrapped = row?.wrapped ?? null;
  return { sanction, caseKey: services.vault.keyOf({ id: sanction, wrapped_key: wrapped }) };
}

async function isErased(db: Db, sanction: string): Promise<boolean> {
  const row = await db
    .selectFrom('sanctions')
    .select('erased_at')
    .where('id', '=', sanction)
    .executeTakeFirst();
  return (row?.erased_at ?? null) !== null;
}
