import { toNumericDate, type EvidenceState, type Id } from '@recourse/protocol';
import { openDisputesOf } from '../appeals/dispute-store.ts';
import { dueAt } from '../bounds.ts';
import type { Db } from '../database.ts';
import { emit } from '../events/emit.ts';
import { findItem } from '../panel/store.ts';
import { readStatement } from '../sanctions/opening.ts';
import { standingOf } from '../sanctions/record.ts';
import type { SanctionRow } from '../sanctions/store.ts';
import type { Acting } from '../sanctions/transition.ts';
import { inspectionDeliveries } from './inspection-delivery-store.ts';

/** Every item of evidence of an inspected record, and whether it is there. */
export async function inspectionEvidence(
  db: Db,
  inspection: string,
  record: SanctionRow,
): Promise<EvidenceState[]> {
  const deliveries = new Map(
    (await inspectionDeliveries(db, inspection)).map((row) => [row.place, row]),
  );
  const disputed = new Set(await openDisputesOf(db, inspection));
  return readStatement(record.statement).evidence.map(({ class: name, commitment }, item) => {
    const last = deliveries.get(item);
    const isHeld = last !== undefined && last.sealed !== null;
    return {
      item,
      class: name,
      commitment,
      delivered: isHeld,
      ...(last && !isHeld ? { rejected: 'mismatch' as const } : {}),
      ...(disputed.has(item) ? { disputed: true } : {}),
    };
  });
}

/**
 * Asks the submitter for evidence of an inspected record.
 * @returns when it is due; null where the record has ended: then nothing follows where it does not come
 */
export async function evidenceIsDue(
  acting: Acting,
  of: { item: Id<'itm'>; record: SanctionRow; days: number },
): Promise<Date | null> {
  const { db, now } = acting;
  const { item, record, days } = of;
  const isOver = standingOf(record, now).ended !== undefined;
  const due = isOver ? (await findItem(db, item))?.due_at : dueAt(now, 24 * days);
  await emit(acting, {
    party: record.party,
    sanction: record.id,
    type: 'evidence-requested',
    body: { version: record.version, item, ...(due ? { dueAt: toNumericDate(due) } : {}) },
  });
  return isOver ? null : (due ?? null);
}
