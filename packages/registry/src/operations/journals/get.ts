import type { JournalJwe, OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found } from '../../kernel/refusal.ts';
import { findSanction } from '../../records/store.ts';
import { sealedJournal } from '../../review/journal-store.ts';
import { placeOf } from '../../vault/vault.ts';

export async function getSealedJournal(
  { db, caller, services }: CallContext,
  { sanction }: OpInput<'journals.get'>,
): Promise<OpOutput<'journals.get'>> {
  const row = found(await findSanction(db, sanction), ({ party }) => party === caller.party);
  const sealed = await sealedJournal(db, sanction);
  if (!sealed) return { sanction };
  const place = placeOf('journals.sealed', { sanction });
  return { sanction, jwe: services.vault.keyOf(row).openJson(sealed, place) as JournalJwe };
}
