import type { Db } from '../kernel/database.ts';
import { nextInstant } from './life.rules.ts';
import { hasContacts, setNext, wakeContacts } from './next-store.ts';
import { ownLifeOf } from './record.ts';
import { sanctionRows, type SanctionRow } from './store.ts';
import type { TransitionContext } from './transition-context.ts';

/** When the first step of a record's own rows falls due that its history does not show, were no suspension lifted. */
export const nextInstantOf = (row: SanctionRow): Date | null =>
  nextInstant(ownLifeOf({ ...row, inspection_over_at: null })) ?? null;

/**
 * Writes for each record that the transaction has in hand when it is due next, and has its addresses looked at. It comes
 * last before the commit, and only wakes the scheduler: whoever reads a record computes.
 */
export const writeNextInstants = ({
  db,
  changes,
}: Pick<TransitionContext, 'db' | 'changes'>): Promise<void> =>
  writeNextOf(db, [...changes.records]);

/** The same of records that the caller has locked. */
export async function writeNextOf(db: Db, sanctions: readonly string[]): Promise<void> {
  if (sanctions.length === 0) return;
  const rows = await sanctionRows(db)
    .select(hasContacts.as('has_contacts'))
    .where('s.id', 'in', sanctions)
    .execute();
  const moved = rows
    .map((row) => ({ id: row.id, before: row.next_at, next: nextInstantOf(row) }))
    .filter(({ before, next }) => before?.getTime() !== next?.getTime());
  if (moved.length > 0) await setNext(db, moved);
  const heard = rows.filter((row) => row.has_contacts).map(({ id }) => id);
  if (heard.length > 0) await wakeContacts(db, heard);
}
