import {
  toBase64url,
  type EvidenceClass,
  type GeneralJwe,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { found } from '../../kernel/refusal.ts';
import { readStatement } from '../../parties/opening.ts';
import { findSanction } from '../../records/store.ts';
import { assignedTo } from '../../review/assigned-dispute.ts';
import type { DisputeRow } from '../../review/dispute-store.ts';
import { lastDelivered, openHeld } from '../../review/evidence-store.ts';
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
): Promise<{ class: EvidenceClass; statement: string; jwe: GeneralJwe; contentKey: string }> {
  const held = found(await lastDelivered(ctx.db, dispute), () => true);
  const record = found(await findSanction(ctx.db, dispute.sanction), () => true);
  const caseKey = ctx.services.vault.keyOf(record);
  const key = found(dispute.content_key ?? undefined, () => true);
  const stated = found(readStatement(record.statement).evidence[dispute.item], () => true);
  return {
    class: stated.class,
    statement: record.statement,
    jwe: openHeld(caseKey, held),
    contentKey: toBase64url(caseKey.open(key, placeOf('disputes.content_key', dispute))),
  };
}
