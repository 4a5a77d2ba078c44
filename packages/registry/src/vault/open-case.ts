import type { Db } from '../kernel/database.ts';
import { RegistryError } from '../kernel/errors.ts';
import { wrappedCaseKeys } from './case-key-store.ts';
import type { CaseKey, Vault } from './vault.ts';

/** The key of a live case with its id, as entries of the ledger need them. */
export async function caseOf(
  of: { db: Db; services: { readonly vault: Vault } },
  record: { id: string },
): Promise<{ sanction: string; caseKey: CaseKey }> {
  const [row] = await wrappedCaseKeys(of.db, [record.id]);
  if (!row) throw new RegistryError('vault-sealed', 'the case was erased');
  return { sanction: record.id, caseKey: of.services.vault.openCase(row) };
}
