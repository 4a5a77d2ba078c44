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

/** Whether an address is left with the case of a record `s`. */
export const hasContacts = sql<boolean>`exists (
  select from case_contacts c where c.sanction = s.id)`;

/**
 * Has the addresses left with some cases looked at again. Called late in a transaction: it locks them, so that whoever
 * looks at them sees all of it or looks once more.
 */
export async function wakeContacts(db: Db, sanctions: readonly string[]): Promise<void> {
  await sql`
    with contact as materialized (
      select claimant, sanction from case_contacts where sanction = any(${[...sanctions]}::text[])
      order by claimant for no key update)
    insert into contact_looks (claimant, sanction) select claimant, sanction from contact
    on conflict (claimant) do update set look_at = excluded.look_at`.execute(db);
}
