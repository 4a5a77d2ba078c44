import { toTimestamp, type GeneralJwe, type Id } from '@recourse/protocol';
import { redeliveryDays } from '@recourse/protocol/review';
import { wasMismatch, type DisputeRow } from '../appeals/dispute-store.ts';
import { placeOf } from '../cases/sealed-columns.ts';
import type { CaseKey } from '../cases/vault.ts';
import type { CallContext } from '../context.ts';
import { refusal } from '../sanctions/refusal.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import { found } from '../sanctions/views.ts';
import { destroyDelivery, heldDelivery } from './inspection-delivery-store.ts';
import { evidenceIsDue } from './inspection-evidence.ts';
import { failInspection } from './inspection-failing.ts';
import { changeInspection } from './inspection-store.ts';
import { lockInspection, lockOwnInspection } from './inspection-taking.ts';

// What disputes of an inspection's evidence do otherwise than those of an appeal's, see `appeals/disputing.ts`.

/** An own inspection with a delivered item of it, locked. */
export async function lockDelivered(
  ctx: CallContext,
  { item, place }: { item: Id<'itm'>; place: number },
): Promise<{ record: SanctionRow; round: number }> {
  const { record } = await lockOwnInspection(ctx, item);
  const held = await heldDelivery(ctx.db, { item, place });
  if (!held) throw refusal('state-conflict', 'item', 'not-delivered');
  return { record, round: held.round };
}

export async function disputedDelivery(
  ctx: CallContext,
  { work: item, item: place }: DisputeRow,
): Promise<(caseKey: CaseKey) => GeneralJwe> {
  const held = found(await heldDelivery(ctx.db, { item, place }), () => true);
  const at = placeOf('inspection_deliveries.sealed', { item, place });
  return (caseKey) => caseKey.openJson(held.sealed, at) as GeneralJwe;
}

/** One redelivery of each item, then the record was never shown to be right. */
export async function mismatchOfInspection(
  ctx: CallContext,
  { work, item: place, round }: DisputeRow,
): Promise<{ recalls: number; evidenceDueAt?: string }> {
  const { db } = ctx;
  const item = work as Id<'itm'>;
  const { inspection, record } = await lockInspection(ctx, item);
  await destroyDelivery(db, { item, place });
  if (await wasMismatch(db, { work, item: place, before: round })) {
    const how = { by: 'evidence', cause: 'evidence-mismatch' } as const;
    return { recalls: await failInspection(ctx, { inspection, record }, how) };
  }
  const due = await evidenceIsDue(ctx, { item, record, days: redeliveryDays });
  if (!due) return { recalls: 0 };
  // What is due already is not put off, and not brought forward.
  const owed = inspection.evidence_due_at;
  const later = owed && owed > due ? owed : due;
  await changeInspection(db, item, { evidence_due_at: later });
  return { recalls: 0, evidenceDueAt: toTimestamp(later) };
}
