import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { nextInstant } from './life.rules.ts';
import { ownLifeOf } from './record.ts';
import { sanctionRows, type SanctionRow } from './store.ts';
import type { TransitionContext } from './transition-context.ts';

/** When the first step of a record's own rows falls due that its history does not show. */
export const nextInstantOf = (row: SanctionRow): Date | null => nextInstant(ownLifeOf(row)) ?? null;

/**
 * Writes for each record that the transaction has in hand when it is due next. It comes last before the commit, and
 * only wakes the scheduler: whoever reads a record computes.
 */
export const writeNextInstants = ({
  db,
  changes,
}: Pick<TransitionContext, 'db' | 'changes'>): Promise<void> =>
  writeNextOf(db, [...changes.records]);

/** The same of records that the caller has locked. */
export async function writeNextOf(db: Db, sanctions: readonly string[]): Promise<void> {
  if (sanctions.length === 0) return;
  const rows = await sanctionRows(db).where('s.id', 'in', sanctions).execute();
  const moved = rows
    .map((row) => ({ id: row.id, before: row.next_at, next: nextInstantOf(row) }))
    .filter(({ before, next }) => before?.getTime() !== next?.getTime());
  if (moved.length === 0) return;
  await sql`
    update sanctions s set next_at = t.at
    from unnest(${moved.map(({ id }) => id)}::text[],
      ${moved.map(({ next }) => next?.toISOString() ?? null)}::timestamptz[]) as t(id, at)
    where s.id = t.id`.execute(db);
}

/** Wakes the scheduler for records by then at the latest, without having them in hand. */
export async function wakeBy(
  db: Db,
  of: { sanctions: readonly string[]; at: Date },
): Promise<void> {
  await sql`
    with locked as (
      select id from sanctions where id = any(${[...of.sanctions]}::text[]) order by id for no key update
    )
    update sanctions s set next_at = least(s.next_at, ${of.at}) from locked where s.id = locked.id`.execute(
    db,
  );
}
