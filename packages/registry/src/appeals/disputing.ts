import {
  fromBase64url,
  Problem,
  toTimestamp,
  type GeneralJwe,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { addHours } from '../bounds.ts';
import { caseOf } from '../cases/open-case.ts';
import { placeOf } from '../cases/sealed-columns.ts';
import type { CallContext } from '../context.ts';
import { findUnfounded } from '../sanctions/appeal-closing.ts';
import { endSanction } from '../sanctions/ending.ts';
import { standingOf } from '../sanctions/record.ts';
import { refusal } from '../sanctions/refusal.ts';
import { appendEvent } from '../sanctions/store.ts';
import { found } from '../sanctions/views.ts';
import { assignmentHours } from './appeal.rules.ts';
import { keyedClaims, lockHolder } from './claim-store.ts';
import {
  assignSecond,
  closeDispute,
  disputedBytes,
  eligibleDisputes,
  findAssigned,
  hasDispute,
  insertDispute,
  type DisputeRow,
  type Looking,
} from './dispute-store.ts';
import { endOfDispute, openDisputed } from './disputed-item.ts';
import { missingItems } from './evidence.rules.ts';
import { oweAgain } from './evidence-owed.ts';
import { hadMismatch, lastDelivered, reject } from './evidence-store.ts';
import { assertUndecided, lockAppeal, lockClaimed, type LockedAppeal } from './lock-appeal.ts';
import { changeAppeal, findAppeal } from './store.ts';
import { evidenceOf } from './view.ts';

// A digest that does not fit is a claim. States of a dispute: open, assigned to a second reviewer, closed. The first
// reviewer attaches the content key of the JWE, and the second repeats the opening on the same bytes, which are kept
// for it even when the submitter delivers anew. Closed as void: the item counts. As mismatch: the submitter delivers
// once more, and a second time is the end of the record. As moot: the item was destroyed, or the appeal closed.

/** Says that a delivered item is not what the statement committed to. */
export async function dispute(
  ctx: CallContext,
  { appeal: id, item, contentKey }: OpInput<'evidence.dispute'>,
): Promise<OpOutput<'evidence.dispute'>> {
  const { db, now: at, caller } = ctx;
  const { record, claim } = await lockClaimed(ctx, id);
  await assertUndecided(ctx, record.id);
  const { caseKey } = await caseOf(ctx, record);
  const last = await lastDelivered(db, { appeal: id, item });
  const round = last?.round ?? 0;
  const place = placeOf('deliveries.sealed', { appeal: id, item, round });
  const jwe = last && (caseKey.openJson(last.sealed, place) as GeneralJwe);
  // What was sealed to others alone, this reviewer has not opened.
  if (!last || !jwe?.recipients.some(({ header }) => header.kid === claim.sealing_kid)) {
    throw refusal('state-conflict', 'item', 'not-delivered');
  }
  const where = { appeal: id, item, round };
  if (await hasDispute(db, where)) {
    throw refusal('state-conflict', 'item', 'already-disputed');
  }
  const { id: sanction, version } = record;
  const key = caseKey.seal(fromBase64url(contentKey), placeOf('disputes.content_key', where));
  await insertDispute(db, { ...where, sanction, holder: caller.holder, at, content_key: key });
  await changeAppeal(db, id, { evidence_confirmed_at: null });
  await appendEvent(db, { sanction, version, event: 'evidence-disputed', at });
  ctx.changes.sanction('evidence-disputed', { sanction, caseKey, detail: where });
  ctx.keepWith.add(sanction);
  return { appeal: id, item };
}

/** Looked at in one call at most: each is locked, and some were taken since they were listed. */
const mostTried = 8;

/** Assigned, not picked: what was disputed first, of cases that the caller may judge and is not on. */
export async function recheck(ctx: CallContext): Promise<OpOutput<'evidence.recheck'>> {
  const { db, now, caller } = ctx;
  const { holder } = caller;
  await lockHolder(db, holder);
  const of = looking(ctx);
  for (const { appeal, item } of await eligibleDisputes(db, { ...of, limit: mostTried })) {
    const row = await findAppeal(db, appeal);
    if (!row) continue;
    const { record } = await lockAppeal(ctx, row);
    const [still] = await eligibleDisputes(db, { ...of, limit: 1, only: { appeal, item } });
    if (!still) continue;
    await assignSecond(db, { appeal, item, second: holder, at: now });
    return { appeal: row.id, item, sanction: record.id };
  }
  throw new Problem('not-found', { detail: 'no disputed item waits' });
}

const looking = ({ now, caller: { holder } }: CallContext): Looking => ({
  holder,
  now,
  assignedSince: addHours(now, -assignmentHours),
});

/** The caller's assignment, as long as they may still judge and have not come onto the case. */
async function assignedTo(
  ctx: CallContext,
  only: { appeal: string; item: number },
): Promise<DisputeRow> {
  const { db, caller } = ctx;
  const row = found(await findAssigned(db, { ...only, second: caller.holder }), () => true);
  const [still] = await eligibleDisputes(db, { ...looking(ctx), limit: 1, only });
  if (!still) throw new Problem('not-found');
  return row;
}

/** The disputed item as it was sealed, and the key that the first reviewer found. */
export async function disputed(
  ctx: CallContext,
  { appeal, item }: OpInput<'evidence.disputed'>,
): Promise<OpOutput<'evidence.disputed'>> {
  const { db } = ctx;
  const one = await assignedTo(ctx, { appeal, item });
  const { sealed } = found(await disputedBytes(db, one), () => true);
  const places = {
    sealed: placeOf('deliveries.sealed', one),
    contentKey: placeOf('disputes.content_key', one),
  };
  return { item, ...(await openDisputed(ctx, one, { place: item, sealed, places })) };
}

/** The word of the second reviewer decides. */
export async function settle(
  ctx: CallContext,
  { appeal: id, item, says }: OpInput<'evidence.settle'>,
): Promise<OpOutput<'evidence.settle'>> {
  const { db, now: at } = ctx;
  // Looked at before anything is locked: nobody holds up a case that is not theirs.
  await assignedTo(ctx, { appeal: id, item });
  const row = found(await findAppeal(db, id), () => true);
  const locked = await lockAppeal(ctx, row);
  const one = await assignedTo(ctx, { appeal: id, item });
  const closedAs = endOfDispute[says];
  await closeDispute(db, { appeal: id, item, as: closedAs, at });
  const { id: sanction, version } = locked.record;
  await appendEvent(db, { sanction, version, event: 'dispute-settled', cause: says, at });
  ctx.changes.sanction('dispute-settled', {
    ...(await caseOf(ctx, locked.record)),
    detail: { appeal: id, item, round: one.round, as: closedAs },
  });
  ctx.keepWith.add(sanction);
  const answer = { appeal: id, item, closedAs };
  if (says === 'does-not-fit') return { ...answer, ...(await mismatch(ctx, locked, one)) };
  if (says === 'fits') await confirmSettled(ctx, locked);
  return { ...answer, recalls: 0 };
}

/** What a second reviewer found to fit is confirmed, once nothing else is missing or disputed. */
async function confirmSettled(
  { db, now: at }: CallContext,
  { record, appeal }: LockedAppeal,
): Promise<void> {
  const { states } = await evidenceOf(db, { appeal: appeal.id, statement: record.statement });
  if (missingItems(states).length > 0 || states.some(({ disputed: open }) => open)) return;
  await changeAppeal(db, appeal.id, { evidence_confirmed_at: at });
  const { id: sanction, version } = record;
  await appendEvent(db, { sanction, version, event: 'evidence-confirmed', at });
}

/** One redelivery of each item, then the record was never shown to be right. */
async function mismatch(
  ctx: CallContext,
  locked: LockedAppeal,
  { appeal, item, round }: DisputeRow,
): Promise<{ recalls: number; evidenceDueAt?: string }> {
  const { db, now: at } = ctx;
  const delivered = found(await disputedBytes(db, { appeal, item, round }), () => true);
  const isSecond = await hadMismatch(db, { appeal, item, before: delivered.at });
  await reject(db, { appeal, item, round, at, why: 'mismatch' });
  if (isSecond) return { recalls: await endForMismatch(ctx, locked) };
  // Delivered anew meanwhile, for a reviewer who came later: that one counts. With nobody to seal to nothing is due.
  const isOwed = !(await lastDelivered(db, { appeal, item }));
  if (!isOwed || (await keyedClaims(db, appeal)).length === 0) return { recalls: 0 };
  return { recalls: 0, evidenceDueAt: toTimestamp(await oweAgain(ctx, locked)) };
}

async function endForMismatch(ctx: CallContext, { record }: LockedAppeal): Promise<number> {
  const cause = 'evidence-mismatch';
  if (standingOf(record, ctx.now).ended) return findUnfounded(ctx, record, { cause, at: ctx.now });
  return (await endSanction(ctx, record, { kind: 'reversed', cause, by: record.party })).recalls;
}
