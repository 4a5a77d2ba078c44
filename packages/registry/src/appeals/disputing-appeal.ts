import { toTimestamp, type GeneralJwe, type Id } from '@recourse/protocol';
import { caseOf } from '../cases/open-case.ts';
import type { CaseKey } from '../cases/vault.ts';
import type { CallContext } from '../context.ts';
import { findUnfounded } from '../sanctions/appeal-closing.ts';
import { endSanction } from '../sanctions/ending.ts';
import { standingOf } from '../sanctions/record.ts';
import { refusal } from '../sanctions/refusal.ts';
import { appendEvent, findSanction, type SanctionRow } from '../sanctions/store.ts';
import { found } from '../sanctions/views.ts';
import { keyedClaims } from './claim-store.ts';
import type { DisputeRow } from './dispute-store.ts';
import { missingItems } from './evidence.rules.ts';
import { oweAgain } from './evidence-owed.ts';
import { hadMismatch, heldElsewhere, lastDelivered, openHeld, reject } from './evidence-store.ts';
import { assertUndecided, lockAppeal, lockClaimed, type LockedAppeal } from './lock-appeal.ts';
import { changeAppeal, findAppeal } from './store.ts';
import { evidenceOf } from './view.ts';

// What disputes of an appeal's evidence do otherwise than those of an inspection's, see `disputing.ts`.

/** An own claim with an item that was delivered to it, locked. */
export async function lockDelivered(
  ctx: CallContext,
  { appeal: id, item }: { appeal: Id<'apl'>; item: number },
): Promise<{ record: SanctionRow; round: number }> {
  const { db } = ctx;
  const { record, claim } = await lockClaimed(ctx, id);
  await assertUndecided(ctx, record.id);
  const { caseKey } = await caseOf(ctx, record);
  const last = await lastDelivered(db, { appeal: id, item });
  const round = last?.round ?? 0;
  const jwe = last && openHeld(caseKey, last);
  // What was sealed to others alone, this reviewer has not opened.
  if (!last || !jwe?.recipients.some(({ header }) => header.kid === claim.sealing_kid)) {
    throw refusal('state-conflict', 'item', 'not-delivered');
  }
  return { record, round };
}

export async function disputedDelivery(
  { db }: CallContext,
  { work: appeal, item, round }: DisputeRow,
): Promise<(caseKey: CaseKey) => GeneralJwe> {
  const held = found(await lastDelivered(db, { appeal, item, round }), () => true);
  return (caseKey) => openHeld(caseKey, held);
}

async function withRecord(
  { db }: CallContext,
  { work, sanction }: DisputeRow,
): Promise<LockedAppeal> {
  const record = found(await findSanction(db, sanction), () => true);
  return { record, appeal: found(await findAppeal(db, work), () => true) };
}

/** What a second reviewer found to fit is confirmed, once nothing else is missing or disputed. The record is locked. */
export async function confirmSettled(ctx: CallContext, one: DisputeRow): Promise<void> {
  const { db, now: at } = ctx;
  const { record, appeal } = await withRecord(ctx, one);
  const { states } = await evidenceOf(db, { appeal: appeal.id, statement: record.statement });
  if (missingItems(states).length > 0 || states.some(({ disputed: open }) => open)) return;
  await changeAppeal(db, appeal.id, { evidence_confirmed_at: at });
  const { id: sanction, version } = record;
  await appendEvent(db, { sanction, version, event: 'evidence-confirmed', at });
}

/** What does not fit here fits nowhere: of every appeal that has the same bytes they are destroyed. */
export async function mismatchOfAppeal(
  ctx: CallContext,
  one: DisputeRow,
): Promise<{ recalls: number; evidenceDueAt?: string }> {
  const { db } = ctx;
  const { work: appeal, item, round } = one;
  const { evidence } = found(await lastDelivered(db, { appeal, item, round }), () => true);
  const elsewhere = await heldElsewhere(db, { appeal, evidence });
  const answer = await mismatchOf(ctx, await withRecord(ctx, one), { item, round });
  for (const copy of elsewhere) {
    const row = found(await findAppeal(db, copy.appeal), () => true);
    const locked = await lockAppeal(ctx, row);
    if (!locked.appeal.closed_at) await mismatchOf(ctx, locked, copy);
  }
  return answer;
}

/** One redelivery of each item, then the record was never shown to be right. The record is locked. */
async function mismatchOf(
  ctx: CallContext,
  locked: LockedAppeal,
  { item, round }: { item: number; round: number },
): Promise<{ recalls: number; evidenceDueAt?: string }> {
  const { db, now: at } = ctx;
  const appeal = locked.appeal.id;
  const delivered = found(await lastDelivered(db, { appeal, item, round }), () => true);
  const isSecond = await hadMismatch(db, { appeal, item, before: delivered.at });
  await reject(db, { appeal, item, round, at, why: 'mismatch' });
  if (isSecond) return { recalls: await endForMismatch(ctx, locked) };
  // Delivered anew meanwhile, for a reviewer who came later: that one counts. With nobody to seal to nothing is due.
  const isOwed = !(await lastDelivered(db, { appeal, item }));
  if (!isOwed || (await keyedClaims(db, appeal)).length === 0) return { recalls: 0 };
  await changeAppeal(db, appeal, { evidence_confirmed_at: null });
  return { recalls: 0, evidenceDueAt: toTimestamp(await oweAgain(ctx, locked)) };
}

async function endForMismatch(ctx: CallContext, { record }: LockedAppeal): Promise<number> {
  const cause = 'evidence-mismatch';
  if (standingOf(record, ctx.now).ended) return findUnfounded(ctx, record, { cause, at: ctx.now });
  return (await endSanction(ctx, record, { kind: 'reversed', cause, by: record.party })).recalls;
}
