import {
  fromBase64url,
  Problem,
  toTimestamp,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import { assignmentHours } from '../appeals/appeal.rules.ts';
import { lockHolder } from '../appeals/claim-store.ts';
import { endOfDispute, openDisputed } from '../appeals/disputed-item.ts';
import { redeliveryDays } from '../appeals/evidence-clock.rules.ts';
import { addHours } from '../bounds.ts';
import { caseOf } from '../cases/open-case.ts';
import { placeOf } from '../cases/sealed-columns.ts';
import type { CallContext } from '../context.ts';
import { refusal } from '../sanctions/refusal.ts';
import { found } from '../sanctions/views.ts';
import { destroyDelivery, heldDelivery } from './audit-delivery-store.ts';
import {
  assignAuditSecond,
  assignedAuditDispute,
  closeAuditDispute,
  eligibleAuditDispute,
  hadAuditMismatch,
  insertAuditDispute,
  type AuditDisputeRow,
  type LookingAgain,
} from './audit-dispute-store.ts';
import { evidenceIsDue } from './audit-evidence.ts';
import { failAudit } from './audit-failing.ts';
import { changeAudit } from './audit-store.ts';
import { lockAudit, lockOwnAudit, type LockedAudit } from './auditing.ts';

// As evidence of an appeal: a digest that does not fit is a claim. The reviewer attaches the content key of the JWE, and
// a second one repeats the opening on the same bytes, which nobody replaces meanwhile. Closed as void: the item counts. As
// mismatch: the submitter delivers once more, and a second time is the end of the record. As moot: the audit was closed.

/** Says that a delivered item of an own audit is not what the statement committed to. */
export async function disputeForAudit(
  ctx: CallContext,
  { item, place, contentKey }: OpInput<'audits.dispute'>,
): Promise<OpOutput<'audits.dispute'>> {
  const { db, now: at, caller } = ctx;
  const { record } = await lockOwnAudit(ctx, item);
  const held = await heldDelivery(db, { item, place });
  if (!held) throw refusal('state-conflict', 'place', 'not-delivered');
  const { id: sanction } = record;
  const { caseKey } = await caseOf(ctx, record);
  const where = { item, place, round: held.round };
  const key = caseKey.seal(fromBase64url(contentKey), placeOf('audit_disputes.content_key', where));
  const row = { ...where, sanction, holder: caller.holder, at, content_key: key };
  if (!(await insertAuditDispute(db, row))) {
    throw refusal('state-conflict', 'place', 'already-disputed');
  }
  ctx.changes.sanction('audit-disputed', { sanction, caseKey, detail: where });
  ctx.keepWith.add(sanction);
  return { item, place };
}

/** Assigned, not picked: what was disputed first, of records that the caller may judge and does not know. */
export async function recheckForAudit(ctx: CallContext): Promise<OpOutput<'audits.recheck'>> {
  const { db, now: at, caller } = ctx;
  const { holder: second } = caller;
  await lockHolder(db, second);
  const waiting = await eligibleAuditDispute(db, looking(ctx));
  if (!waiting) throw new Problem('not-found', { detail: 'no disputed item waits' });
  const { item, place, sanction } = waiting;
  if (waiting.second !== second) await assignAuditSecond(db, { item, place, second, at });
  return { item, place, sanction };
}

const looking = ({ now, caller: { holder } }: CallContext): LookingAgain => ({
  holder,
  now,
  since: addHours(now, -assignmentHours),
});

const assignedTo = async (
  ctx: CallContext,
  { item, place }: { item: string; place: number },
): Promise<AuditDisputeRow> =>
  found(await assignedAuditDispute(ctx.db, { ...looking(ctx), item, place }), () => true);

/** The disputed item as it was sealed, and the key that the first reviewer found. */
export async function disputedInAudit(
  ctx: CallContext,
  { item, place }: OpInput<'audits.disputed'>,
): Promise<OpOutput<'audits.disputed'>> {
  const { db } = ctx;
  const one = await assignedTo(ctx, { item, place });
  const { sealed } = found(await heldDelivery(db, { item, place }), () => true);
  const places = {
    sealed: placeOf('audit_deliveries.sealed', one),
    contentKey: placeOf('audit_disputes.content_key', one),
  };
  return { item, place, ...(await openDisputed(ctx, one, { place, sealed, places })) };
}

/** The word of the second reviewer decides. */
export async function settleForAudit(
  ctx: CallContext,
  { item, place, says }: OpInput<'audits.settle'>,
): Promise<OpOutput<'audits.settle'>> {
  const { db, now: at } = ctx;
  // Looked at before anything is locked: nobody holds up a case that is not theirs.
  await assignedTo(ctx, { item, place });
  const locked = await lockAudit(ctx, item);
  const { record } = locked;
  const one = await assignedTo(ctx, { item, place });
  const closedAs = endOfDispute[says];
  await closeAuditDispute(db, { item, place, as: closedAs, at });
  const { round } = one;
  ctx.changes.sanction('audit-settled', {
    ...(await caseOf(ctx, record)),
    detail: { item, place, round, as: closedAs },
  });
  ctx.keepWith.add(record.id);
  const answer = { item, place, closedAs };
  if (closedAs !== 'mismatch') return { ...answer, recalls: 0 };
  return { ...answer, ...(await mismatch(ctx, locked, one)) };
}

/** One redelivery of each item, then the record was never shown to be right. */
async function mismatch(
  ctx: CallContext,
  { audit, record }: LockedAudit,
  { item, place, round }: AuditDisputeRow,
): Promise<{ recalls: number; evidenceDueAt?: string }> {
  const { db } = ctx;
  await destroyDelivery(db, { item, place });
  if (await hadAuditMismatch(db, { item, place, before: round })) {
    const how = { by: 'evidence', cause: 'evidence-mismatch' } as const;
    return { recalls: await failAudit(ctx, { audit, record }, how) };
  }
  const due = await evidenceIsDue(ctx, { item, record, days: redeliveryDays });
  if (!due) return { recalls: 0 };
  // What is due already is not put off, and not brought forward.
  const owed = audit.evidence_due_at;
  const later = owed && owed > due ? owed : due;
  await changeAudit(db, item, { evidence_due_at: later });
  return { recalls: 0, evidenceDueAt: toTimestamp(later) };
}
