import type { JournalJwe, OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict, found } from '../../kernel/refusal.ts';
import { standingOf } from '../../records/record.ts';
import { shareSanction } from '../../records/store.ts';
import { assertEncryption } from '../../review/evidence.rules.ts';
import { putJournal, sealingKeysOf } from '../../review/journal-store.ts';

/** Keeps a journal of an own record that has not ended: what was erased of one that has would come back. */
export async function putSealedJournal(
  ctx: CallContext,
  { sanction, jwe }: OpInput<'journals.put'>,
): Promise<OpOutput<'journals.put'>> {
  const { db, now, caller, services } = ctx;
  assertEncryption(jwe);
  const row = found(await shareSanction(db, sanction), ({ party }) => party === caller.party);
  if (standingOf(row, now).ended) throw conflict('sanction', 'ended');
  await assertSealedToColleagues(ctx, jwe);
  await putJournal(db, { sanction, caseKey: services.vault.keyOf(row), jwe });
  return { sanction };
}

/** Somebody whose key was revoked meanwhile is sealed to no more. */
async function assertSealedToColleagues(
  { db, caller }: CallContext,
  { recipients }: JournalJwe,
): Promise<void> {
  const known = new Set((await sealingKeysOf(db, caller.party)).map((key) => key.sealing_kid));
  const kids = recipients.map(({ header }) => header.kid);
  const isToKnown = new Set(kids).size === kids.length && kids.every((kid) => known.has(kid));
  if (!isToKnown) throw conflict('jwe.recipients', 'keys-changed');
}
