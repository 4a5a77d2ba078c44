import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { PartySuspensionsTable } from '../schema/panel.ts';

/**
 * Why a party's submissions may be suspended. One flag of the party says whether any of them stands; each is
 * lifted by whoever may lift it, and the flag goes with the last.
 */
export const suspensionCauses = {
  /** Two operator holders, who stop a platform, not its group, and lift it again */
  operators: 'operators',
  /** Three reviewers, on the rate of reversals */
  errorRate: 'error-rate',
  /** Three reviewers, on 20 reversals in 90 d */
  inquiry: 'inquiry',
  /** Three reviewers, on confirmed reversals for expression or authority-origin */
  speech: 'speech',
} as const;

export interface NewSuspension {
  readonly party: string;
  readonly cause: string;
  readonly since: Date;
  /** The item of the panel that decided it; of a cause that is a panel's */
  readonly item?: string | undefined;
}

/** The causes that stop the records of a party, its group's among them, the oldest first. */
export async function causesAgainst(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<Selectable<PartySuspensionsTable>[]> {
  const { rows } = await sql<Selectable<PartySuspensionsTable>>`
    select u.* from party_suspensions u
    where u.party in (select group_members(${party}, ${now})) and u.lifted_at is null
      and (u.party = ${party} or u.cause <> ${suspensionCauses.operators})
    order by u.since, u.cause, u.party`.execute(db);
  return rows;
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
  { at, by, party, cause }: { party: string; cause: string; at: Date; by?: string | undefined },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('party_suspensions')
    .set({ lifted_at: sql<Date>`greatest(since, ${at})`, lifted_by: by ?? null })
    .where('party', '=', party)
    .where('cause', '=', cause)
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

/** True where a row of `parties`, named `parties`, is suspended at an instant, itself or with its group. */
const isSuspendedAt = (now: Date): RawBuilder<boolean> =>
  sql<boolean>`(select s.stands from is_suspended(parties.id, ${now}) as s(stands))`;

/** The parties that submit nothing at an instant. */
export async function suspendedParties(db: Db, now: Date): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('parties').select('id').where(isSuspendedAt(now)).execute();
  return new Set(rows.map(({ id }) => id));
}
