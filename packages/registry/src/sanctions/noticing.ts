import type { CaseServices } from '../context.ts';
import type { Db } from '../database.ts';
import { firstOf, othersFrom, reviewFrom, type Held } from './answering.rules.ts';
import { setDelivered, setNotified, type NotedNotice } from './notice-store.ts';
import type { SanctionRow } from './store.ts';

interface Noting {
  readonly db: Db;
  readonly services: Pick<CaseServices, 'deadlines'>;
}

/**
 * A notice was delivered to some identifiers of a locked record. Each answers by its own delivery; the first one
 * starts the clock of all others.
 */
export async function noteDelivered(
  { db, services }: Noting,
  row: SanctionRow,
  { positions, at }: { positions: readonly number[]; at: Date },
): Promise<NotedNotice> {
  const { deadlines } = services;
  const held = heldOf(row);
  const review = reviewFrom(held, at, deadlines);
  const { id: sanction } = row;
  for (const position of positions) {
    await setDelivered(db, { sanction, position, deliveredAt: at, reviewFrom: review });
  }
  const others = row.others_from ?? othersFrom(held, at, deadlines);
  const noted = {
    notifiedAt: row.notified_at ?? at,
    othersFrom: others,
    visibleFrom:
      firstOf([row.visible_from, others, positions.length > 0 ? review : null]) ?? others,
  };
  await setNotified(db, sanction, noted);
  return noted;
}

/** Only a submitted record is noticed. */
function heldOf(row: SanctionRow): Held {
  const { reason, submitted_at: submittedAt, probation_until: probationUntil } = row;
  if (!submittedAt) throw new RangeError('a draft has no notice');
  return { reason, submittedAt, probationUntil };
}
