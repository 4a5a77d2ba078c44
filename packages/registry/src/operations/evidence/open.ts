import type { OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found } from '../../kernel/refusal.ts';
import { lastDelivered, openHeld } from '../../review/evidence-store.ts';
import { statedEvidence } from '../../review/evidence.ts';
import { findTaken } from '../../review/lock-review.ts';

/** One delivered item of an own assignment, as it was sealed. */
export async function openEvidence(
  ctx: CallContext,
  { appeal: id, item }: OpInput<'evidence.open'>,
): Promise<OpOutput<'evidence.open'>> {
  const { record, assignment } = await findTaken(ctx, id);
  const { statement } = record;
  const stated = found((await statedEvidence(ctx.db, { review: id, statement }))[item], () => true);
  const jwe = openHeld(
    ctx.services.vault.keyOf(record),
    found(await lastDelivered(ctx.db, { review: id, item }), () => true),
  );
  // Sealed before this reviewer came: the submitter owes it once more.
  found(jwe, ({ recipients }) =>
    recipients.some(({ header }) => header.kid === assignment.sealing_kid),
  );
  return { item, class: stated.class, commitment: stated.commitment, jwe };
}
