import type { OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict, found } from '../../kernel/refusal.ts';
import { standingOf } from '../../records/record.ts';
import { lockSanction } from '../../records/store.ts';
import { assertEncryption } from '../../review/evidence.rules.ts';
import { addJournal } from '../../review/journal-store.ts';
import { assertSealedToColleagues } from '../../review/sealed-to-colleagues.ts';

/**
 * Keeps a version of the journal of an own record that has not ended: what was erased of one that has would come back. The
 * versions before it stay.
 */
export async function putSealedJournal(
  ctx: CallContext,
  { sanction, jwe }: OpInput<'journals.put'>,
): Promise<OpOutput<'journals.put'>> {
  const { db, now, caller, services } = ctx;
  assertEncryption(jwe);
  const row = found(await lockSanction(db, sanction), ({ party }) => party === caller.party);
  if (standingOf(row, now).ended) throw conflict('sanction', 'ended');
  await assertSealedToColleagues(ctx, jwe);
  const { kid, holder } = caller;
  const caseKey = services.vault.keyOf(row);
  const isKept = await addJournal(db, { sanction, holder, kid, at: now, caseKey, jwe });
  if (!isKept) throw conflict('jwe', 'too-many-versions');
  return { sanction };
}
