import { toBase64url, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found } from '../../kernel/refusal.ts';
import { findSanction } from '../../records/store.ts';
import { assignedTo } from '../../review/assigned-dispute.ts';
import type { DisputeRow } from '../../review/dispute-store.ts';
import { lastDelivered, openHeld } from '../../review/evidence-store.ts';
import { statedEvidence } from '../../review/evidence.ts';
import { withdrawalOf } from '../../review/inspection-store.ts';
import { placeOf } from '../../vault/vault.ts';

/** The disputed item as it was sealed, and the key that the first reviewer found. */
export async function disputed(
  ctx: CallContext,
  { appeal: review, item }: OpInput<'evidence.disputed'>,
): Promise<OpOutput<'evidence.disputed'>> {
  return { item, ...(await openDisputed(ctx, await assignedTo(ctx, { review, item }))) };
}

/** A disputed item as it was sealed, and the key that the first reviewer found. */
async function openDisputed(
  ctx: CallContext,
  dispute: DisputeRow,
): Promise<Omit<OpOutput<'evidence.disputed'>, 'item'>> {
  const held = found(await lastDelivered(ctx.db, dispute), () => true);
  const record = found(await findSanction(ctx.db, dispute.sanction), () => true);
  const caseKey = ctx.services.vault.keyOf(record);
  const key = found(dispute.content_key ?? undefined, () => true);
  const { statement } = record;
  const stated = await statedEvidence(ctx.db, { review: dispute.review, statement });
  const withdrawal = await withdrawalOf(ctx.db, dispute.review);
  return {
    class: found(stated[dispute.item], () => true).class,
    statement,
    ...(withdrawal === undefined ? {} : { withdrawal }),
    jwe: openHeld(caseKey, held),
    contentKey: toBase64url(caseKey.open(key, placeOf('disputes.content_key', dispute))),
  };
}
