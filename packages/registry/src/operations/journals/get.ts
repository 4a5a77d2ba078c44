import { toTimestamp, type JournalJwe, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found } from '../../kernel/refusal.ts';
import { findSanction } from '../../records/store.ts';
import { sealedJournal } from '../../review/journal-store.ts';
import { placeOf } from '../../vault/vault.ts';

export async function getSealedJournal(
  { db, caller, services }: CallContext,
  { sanction, skip = 0 }: OpInput<'journals.get'>,
): Promise<OpOutput<'journals.get'>> {
  const row = found(await findSanction(db, sanction), ({ party }) => party === caller.party);
  const version = await sealedJournal(db, { sanction, skip });
  if (!version) return { sanction };
  const { kid, at, sealed } = version.row;
  const place = placeOf('journals.sealed', version.row);
  return {
    sanction,
    jwe: services.vault.keyOf(row).openJson(sealed, place) as JournalJwe,
    by: kid,
    at: toTimestamp(at),
    ...(version.isLast ? {} : { older: true as const }),
  };
}
