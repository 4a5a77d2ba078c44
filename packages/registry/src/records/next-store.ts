import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

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
