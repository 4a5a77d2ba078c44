import type { OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { invalid, refusal } from '../../kernel/refusal.ts';
import { casesBeside } from '../../review/assignment-store.ts';
import { deliveryName } from '../../review/confirm-delivery.ts';
import {
  insertDelivery,
  keepEvidence,
  nextRound,
  type KeptEvidence,
} from '../../review/evidence-store.ts';
import { assertEncryption, isSealedTo } from '../../review/evidence.rules.ts';
import { evidenceOf, settleEvidence } from '../../review/evidence.ts';
import { lockBeside, lockOwn, type LockedReview } from '../../review/lock-review.ts';
import { placeOf } from '../../vault/vault.ts';

/** Takes one item, sealed to every reviewer on the case; the registry cannot open it. One delivery serves a batch. */
export async function deliverEvidence(
  ctx: CallContext,
  { appeal: id, item, jwe }: OpInput<'evidence.deliver'>,
): Promise<OpOutput<'evidence.deliver'>> {
  const { db } = ctx;
  assertEncryption(jwe);
  const locked = await lockOwn(ctx, id);
  const { states, kids } = await evidenceOf(db, { review: id, statement: locked.record.statement });
  const state = states[item];
  if (!state) throw invalid('item', 'no-such-item');
  const sealedTo = jwe.recipients.map(({ header }) => header.kid);
  if (!isSealedTo(sealedTo, kids))
    throw refusal('state-conflict', 'jwe.recipients', 'claims-changed');
  // What a reviewer has opened and confirmed is not replaced behind their back.
  if (state.delivered && locked.review.evidence_confirmed_at) {
    throw refusal('state-conflict', 'item', 'confirmed');
  }
  const round = await nextRound(db, { review: id, item });
  const evidence = await keepEvidence(db, deliveryName({ review: id, item, round }), jwe);
  const missing = await take(ctx, locked, { item, sealedTo, evidence });
  let serves = 1;
  for (const beside of await casesBeside(db, { review: id })) {
    const of = { commitment: state.commitment, sealedTo, evidence };
    if (await serve(ctx, await lockBeside(ctx, beside), of)) serves += 1;
  }
  return { appeal: id, received: states.length - missing.length, missing, serves };
}

interface DeliveryParts {
  readonly sealedTo: string[];
  readonly evidence: KeptEvidence;
}

/** @returns what is missing of the case then */
async function take(
  ctx: CallContext,
  { record, review: { id: review } }: LockedReview,
  { item, sealedTo, evidence }: DeliveryParts & { item: number },
): Promise<number[]> {
  const { db, now: at } = ctx;
  const round = await nextRound(db, { review, item });
  const of = { review, item, round };
  const sealed = record.key().seal(evidence.key, placeOf('deliveries.sealed', of));
  const kept = { sealedTo, sealed, evidence: evidence.id };
  await insertDelivery(db, { ...of, ...kept, sanction: record.id, at });
  const detail = { appeal: review, item };
  await record.note({ entry: 'evidence-delivered', detail, party: record.party });
  return settleEvidence(ctx, record, review);
}

/** Another case of the batch gets what it misses, where all its reviewers can open it. */
async function serve(
  ctx: CallContext,
  locked: LockedReview,
  delivery: DeliveryParts & { commitment: string },
): Promise<boolean> {
  const { record, review } = locked;
  if (review.closed_at) return false;
  const { statement } = record;
  const { states, kids } = await evidenceOf(ctx.db, { review: review.id, statement });
  const state = states.find(({ commitment }) => commitment === delivery.commitment);
  if (!state || state.delivered || !kids.every((kid) => delivery.sealedTo.includes(kid)))
    return false;
  await take(ctx, locked, { ...delivery, item: state.item });
  return true;
}
