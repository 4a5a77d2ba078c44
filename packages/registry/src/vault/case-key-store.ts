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

/** The key of a live case with its id, as entries of the ledger need them, of a record that is not read. */
export async function caseOf(
  { db, services }: WithVault & { db: Db },
  sanction: string,
): Promise<{ sanction: string; caseKey: CaseKey }> {
  const [row] = await wrappedCaseKeys(db, [sanction]);
  return {
    sanction,
    caseKey: services.vault.keyOf({ id: sanction, wrapped_key: row?.wrapped ?? null }),
  };
}
