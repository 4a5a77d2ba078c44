import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

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

/** When each is due next; never where `next` is null. */
export async function setNext(
  db: Db,
  records: readonly { readonly id: string; readonly next: Date | null }[],
): Promise<void> {
  await sql`
    update sanctions s set next_at = t.at
    from unnest(${records.map(({ id }) => id)}::text[],
      ${records.map(({ next }) => next?.toISOString() ?? null)}::timestamptz[]) as t(id, at)
    where s.id = t.id`.execute(db);
}
