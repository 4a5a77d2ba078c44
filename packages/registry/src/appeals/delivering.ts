import { toTimestamp, type GeneralJwe, type OpInput, type OpOutput } from '@recourse/protocol';
import { caseOf } from '../cases/open-case.ts';
import { placeOf } from '../cases/sealed-columns.ts';
import type { CallContext } from '../context.ts';
import { readStatement } from '../sanctions/opening.ts';
import { invalid, refusal } from '../sanctions/refusal.ts';
import { appendEvent } from '../sanctions/store.ts';
import { assertEncryption } from './encryption.ts';
import { isSealedTo, missingItems } from './evidence.rules.ts';
import { moot } from './dispute-store.ts';
import { insertDelivery, lastDelivered, nextRound, reject as destroy } from './evidence-store.ts';
import { oweAgain, settleEvidence } from './evidence-owed.ts';
import { findClaimed, lockClaimed, lockOwn, type LockedAppeal } from './lock-appeal.ts';
import { changeAppeal } from './store.ts';
import { evidenceOf } from './view.ts';
import { found } from '../sanctions/views.ts';

/** Takes one item, sealed to every reviewer on the case; the registry cannot open it. */
export async function deliver(
  ctx: CallContext,
  { appeal: id, item, jwe }: OpInput<'evidence.deliver'>,
): Promise<OpOutput<'evidence.deliver'>> {
  const { db, now: at } = ctx;
  assertEncryption(jwe);
  const { record, appeal } = await lockOwn(ctx, id);
  const { states, kids } = await evidenceOf(db, { appeal: id, statement: record.statement });
  const state = states[item];
  if (!state) throw invalid('item', 'no-such-item');
  const sealedTo = jwe.recipients.map(({ header }) => header.kid);
  if (!isSealedTo(sealedTo, kids))
    throw refusal('state-conflict', 'jwe.recipients', 'claims-changed');
  // What a reviewer has opened and confirmed is not replaced behind their back.
  if (state.delivered && appeal.evidence_confirmed_at) {
    throw refusal('state-conflict', 'item', 'confirmed');
  }
  const theCase = await caseOf(ctx, record);
  const round = await nextRound(db, { appeal: id, item });
  const place = placeOf('deliveries.sealed', { appeal: id, item, round });
  const sealed = theCase.caseKey.sealJson(jwe, place);
  await insertDelivery(db, { appeal: id, sanction: record.id, item, round, sealedTo, sealed, at });
  ctx.changes.sanction('evidence-delivered', { ...theCase, detail: { appeal: id, item } });
  const missing = await settleEvidence(ctx, record, id);
  return { appeal: id, received: states.length - missing.length, missing };
}

/** One delivered item of an own claim, as it was sealed. */
export async function open(
  ctx: CallContext,
  { appeal: id, item }: OpInput<'evidence.open'>,
): Promise<OpOutput<'evidence.open'>> {
  const { record, claim } = await findClaimed(ctx, id);
  const stated = found(readStatement(record.statement).evidence[item], () => true);
  const { caseKey } = await caseOf(ctx, record);
  const last = found(await lastDelivered(ctx.db, { appeal: id, item }), () => true);
  const place = placeOf('deliveries.sealed', { appeal: id, item, round: last.round });
  const jwe = caseKey.openJson(last.sealed, place) as GeneralJwe;
  // Sealed before this reviewer came: the submitter owes it once more.
  found(jwe, ({ recipients }) => recipients.some(({ header }) => header.kid === claim.sealing_kid));
  return { item, class: stated.class, commitment: stated.commitment, jwe };
}

/** Every item opens and is what the statement committed to. */
export async function confirm(
  ctx: CallContext,
  { appeal: id }: OpInput<'evidence.confirm'>,
): Promise<OpOutput<'evidence.confirm'>> {
  const { db, now } = ctx;
  const { record, appeal } = await lockClaimed(ctx, id);
  await assertAllDelivered(ctx, { record, appeal });
  const confirmedAt = appeal.evidence_confirmed_at ?? now;
  if (!appeal.evidence_confirmed_at) {
    const { id: sanction, version } = record;
    await changeAppeal(db, id, { evidence_confirmed_at: now });
    await appendEvent(db, { sanction, version, event: 'evidence-confirmed', at: now });
  }
  ctx.keepWith.add(record.id);
  return { appeal: id, confirmedAt: toTimestamp(confirmedAt) };
}

async function assertAllDelivered(
  { db }: CallContext,
  { record, appeal }: LockedAppeal,
): Promise<void> {
  const { states } = await evidenceOf(db, { appeal: appeal.id, statement: record.statement });
  if (missingItems(states).length > 0) throw refusal('state-conflict', 'evidence', 'not-delivered');
  if (states.some(({ disputed }) => disputed))
    throw refusal('state-conflict', 'evidence', 'disputed');
}

/** Names the entry that a delivery was destroyed: it is destroyed once. */
export const deliveryName = (of: { appeal: string; item: number; round: number }): string =>
  `${of.appeal}:${of.item}:${of.round}`;

/** Illegal media and third parties' data are destroyed, with 3 d to deliver what is fit. */
export async function reject(
  ctx: CallContext,
  { appeal: id, item, why }: OpInput<'evidence.reject'>,
): Promise<OpOutput<'evidence.reject'>> {
  const { db, now: at } = ctx;
  const locked = await lockClaimed(ctx, id);
  const { record } = locked;
  const rounds = await destroy(db, { appeal: id, item, at, why });
  if (rounds.length === 0) throw refusal('state-conflict', 'item', 'not-delivered');
  await moot(db, { work: id, item, at });
  await changeAppeal(db, id, { evidence_confirmed_at: null });
  const due = await oweAgain(ctx, locked);
  const { id: sanction, version } = record;
  await appendEvent(db, { sanction, version, event: 'evidence-rejected', cause: why, at });
  const theCase = await caseOf(ctx, record);
  for (const round of rounds) {
    const detail = { appeal: id, item, round, why };
    const name = deliveryName(detail);
    ctx.changes.sanction('evidence-rejected', { ...theCase, detail, name });
  }
  ctx.keepWith.add(record.id);
  return { appeal: id, evidenceDueAt: toTimestamp(due) };
}
