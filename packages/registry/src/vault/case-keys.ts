import type { Db } from '../kernel/database.ts';
import { RegistryError } from '../kernel/errors.ts';
import type { CaseKey, Vault } from './vault.ts';

interface WithVault {
  readonly services: { readonly vault: Vault };
}

/** The key of a case, of a record in hand. @throws RegistryError once the case is erased */
export function keyOf(
  { services }: WithVault,
  { id, wrapped_key: wrapped }: { readonly id: string; readonly wrapped_key: Uint8Array | null },
): CaseKey {
  if (!wrapped) throw new RegistryError('vault-sealed', 'the case was erased');
  return services.vault.openCase({ sanction: id, wrapped });
}

/** The key of a live case with its id, as entries of the ledger need them, of a record that is not read. */
export async function caseOf(
  of: WithVault & { db: Db },
  sanction: string,
): Promise<{ sanction: string; caseKey: CaseKey }> {
  const [row] = await wrappedCaseKeys(of.db, [sanction]);
  return { sanction, caseKey: keyOf(of, { id: sanction, wrapped_key: row?.wrapped ?? null }) };
}

/** The wrapped keys of cases; an erased case has none. */
export async function wrappedCaseKeys(
  db: Db,
  sanctions: readonly string[],
): Promise<{ sanction: string; wrapped: Uint8Array }[]> {
  if (sanctions.length === 0) return [];
  return db.selectFrom('case_keys').selectAll().where('sanction', 'in', sanctions).execute();
}
