import { toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import { placeOf } from '../vault/vault.ts';
import type { CallContext } from '../context/context.ts';
import { readStatement } from '../parties/opening.ts';
import { invalid, refusal, found } from '../kernel/refusal.ts';
import { casesBeside } from './assignment-store.ts';
import { isSealedTo, assertEncryption } from './evidence.rules.ts';
import { moot } from './dispute-store.ts';
import {
  heldElsewhere,
  insertDelivery,
  keepEvidence,
  lastDelivered,
  nextRound,
  openHeld,
  reject as destroy,
  type KeptEvidence,
} from './evidence-store.ts';
import {
  oweAgain,
  settleEvidence,
  evidenceOf,
  isAllDelivered,
  assertAllDelivered,
} from './evidence.ts';
import { findTaken, lockBeside, lockTaken, lockOwn, type LockedReview } from './lock-review.ts';
import { changeReview, ruleOf } from './store.ts';

/** Takes one item, sealed to every reviewer on the case; the registry cannot open it. One delivery serves a batch. */
export async function deliver(
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
  of: DeliveryParts & { commitment: string },
): Promise<boolean> {
  const { record, review } = locked;
  if (review.closed_at) return false;
  const { statement } = record;
  const { states, kids } = await evidenceOf(ctx.db, { review: review.id, statement });
  const state = states.find(({ commitment }) => commitment === of.commitment);
  if (!state || state.delivered || !kids.every((kid) => of.sealedTo.includes(kid))) return false;
  await take(ctx, locked, { ...of, item: state.item });
  return true;
}

/** One delivered item of an own assignment, as it was sealed. */
export async function open(
  ctx: CallContext,
  { appeal: id, item }: OpInput<'evidence.open'>,
): Promise<OpOutput<'evidence.open'>> {
  const { record, assignment } = await findTaken(ctx, id);
  const stated = found(readStatement(record.statement).evidence[item], () => true);
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

/** Every item opens and is what the statement committed to; so it is for others of the batch that commit to nothing else. */
export async function confirm(
  ctx: CallContext,
  { appeal: id }: OpInput<'evidence.confirm'>,
): Promise<OpOutput<'evidence.confirm'>> {
  const { db, now, caller } = ctx;
  const locked = await lockTaken(ctx, id);
  await assertAllDelivered(db, locked);
  await confirmOne(ctx, locked);
  locked.record.retain();
  const opened = new Set(committedBy(locked));
  for (const beside of await casesBeside(db, { review: id, holder: caller.holder })) {
    const one = await lockBeside(ctx, beside);
    if (one.review.closed_at || !committedBy(one).every((each) => opened.has(each))) continue;
    if (await isAllDelivered(db, one)) await confirmOne(ctx, one);
  }
  const confirmedAt = locked.review.evidence_confirmed_at ?? now;
  return { appeal: id, confirmedAt: toTimestamp(confirmedAt) };
}

const committedBy = ({ record }: LockedReview): string[] =>
  readStatement(record.statement).evidence.map(({ commitment }) => commitment);

export async function confirmOne(
  { db, now: at }: CallContext,
  { record, review }: LockedReview,
): Promise<void> {
  if (review.evidence_confirmed_at) return;
  await changeReview(db, review.id, { evidence_confirmed_at: at });
  if (ruleOf(review.id).inHistory) await record.note({ event: 'evidence-confirmed' });
}

/** Names the entry that a delivery was destroyed: it is destroyed once. */
export const deliveryName = ({
  review,
  item,
  round,
}: {
  review: string;
  item: number;
  round: number;
}): string => `${review}:${item}:${round}`;

/** Illegal media and third parties' data are destroyed wherever they serve, with 3 d to deliver what is fit. */
export async function reject(
  ctx: CallContext,
  { appeal: id, item, why }: OpInput<'evidence.reject'>,
): Promise<OpOutput<'evidence.reject'>> {
  const { db } = ctx;
  const locked = await lockTaken(ctx, id);
  const last = await lastDelivered(db, { review: id, item });
  const due = await rejectOne(ctx, locked, { item, why });
  if (!due) throw refusal('state-conflict', 'item', 'not-delivered');
  const elsewhere = last ? await heldElsewhere(db, { review: id, evidence: last.evidence }) : [];
  for (const copy of elsewhere) {
    await rejectOne(ctx, await lockBeside(ctx, copy.review), { item: copy.item, why });
  }
  locked.record.retain();
  return { appeal: id, evidenceDueAt: toTimestamp(due) };
}

/** @returns when a fit one is due; nothing where there were no bytes */
async function rejectOne(
  ctx: CallContext,
  locked: LockedReview,
  { item, why }: Pick<OpInput<'evidence.reject'>, 'item' | 'why'>,
): Promise<Date | undefined> {
  const { db, now: at } = ctx;
  const { record, review } = locked;
  const of = { review: review.id, item };
  const rounds = await destroy(db, { ...of, at, why });
  if (rounds.length === 0) return undefined;
  await moot(db, { ...of, at });
  await changeReview(db, review.id, { evidence_confirmed_at: null });
  const due = review.closed_at ? at : await oweAgain(ctx, locked);
  if (ruleOf(review.id).inHistory) {
    await record.note({ event: 'evidence-rejected', cause: why });
  }
  for (const round of rounds) {
    const detail = { appeal: review.id, item, round, why };
    const name = deliveryName({ ...of, round });
    await record.note({ entry: 'evidence-rejected', detail, name });
  }
  return due;
}
