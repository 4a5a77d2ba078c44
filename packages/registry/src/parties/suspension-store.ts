import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { Db, PartySuspensionsTable } from '../kernel/database.ts';

/** Two operator holders, who stop a platform, not its group, and lift it again. */
export const operatorsCause = 'operators';

export interface NewSuspension {
  readonly party: string;
  readonly cause: string;
  readonly since: Date;
  /** The item of the panel that decided it; of a cause that is a panel's */
  readonly item?: string | undefined;
}

/** False when this cause stands already. */
export async function insertCause(db: Db, suspension: NewSuspension): Promise<boolean> {
  const { party, cause, since, item = null } = suspension;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('party_suspensions')
    .values({ party, cause, since, item, lifted_at: null, lifted_by: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Lifts one cause; false when it does not stand. */
export async function liftCause(
  db: Db,
  of: { party: string; cause: string; at: Date; by?: string | undefined },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('party_suspensions')
    .set({ lifted_at: sql<Date>`greatest(since, ${of.at})`, lifted_by: of.by ?? null })
    .where('party', '=', of.party)
    .where('cause', '=', of.cause)
    .where('lifted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** The causes that stand, the oldest first. */
export const openCauses = (db: Db, party: string): Promise<Selectable<PartySuspensionsTable>[]> =>
  db
    .selectFrom('party_suspensions')
    .selectAll()
    .where('party', '=', party)
    .where('lifted_at', 'is', null)
    .orderBy('since')
    .orderBy('cause')
    .execute();

/** The causes that stop the records of a party, its group's among them, the oldest first. */
export async function causesAgainst(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<Selectable<PartySuspensionsTable>[]> {
  const { rows } = await sql<Selectable<PartySuspensionsTable>>`
    select u.* from party_suspensions u
    where u.party in (select group_members(${party}, ${now}, true)) and u.lifted_at is null
      and (u.party = ${party} or u.cause <> ${operatorsCause})
    order by u.since, u.cause, u.party`.execute(db);
  return rows;
}

/** The cause that an item of the panel brought, while it stands. */
export const causeOfItem = (
  db: Db,
  item: string,
): Promise<Selectable<PartySuspensionsTable> | undefined> =>
  db
    .selectFrom('party_suspensions')
    .selectAll()
    .where('item', '=', item)
    .where('lifted_at', 'is', null)
    .executeTakeFirst();

/** The parties that submit nothing at an instant. */
export async function suspendedParties(db: Db, now: Date): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('parties').select('id').where(isSuspendedAt(now)).execute();
  return new Set(rows.map(({ id }) => id));
}

/** Whether a row of `parties`, named `parties`, is suspended at an instant, itself or with its group. */
export const isSuspendedAt = (now: Date): RawBuilder<boolean> =>
  sql<boolean>`is_suspended(parties.id, ${now})`;
