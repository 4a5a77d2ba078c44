import type { Db } from '../kernel/database.ts';
import { wrappedCaseKeys } from './case-key-store.ts';
import type { CaseKey, Vault } from './vault.ts';

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
