import { addDays } from '@recourse/protocol/review';
import { sql, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { objectionDays } from '../schema/figures.ts';
import type { PartyGroupsTable } from '../schema/parties.ts';

/** The platforms that are one with a platform, itself among them: those of every group it was in for the last 24 months. */
export async function groupMembers(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from group_members(${party}, ${now}) as g(id) order by id`.execute(db);
  return rows.map(({ id }) => id);
}

interface PartyGroup {
  readonly party: string;
  readonly group: string;
}

/** True where a party counts to a group already. */
export async function countsTo(
  db: Db,
  { party, now, group }: PartyGroup & { now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    select from groups_of(${party}, ${now}) as g(name) where name = ${group}`.execute(db);
  return rows.length > 0;
}

/** True where any party is or was in a group. */
export async function isGroup(db: Db, group: string): Promise<boolean> {
  const row = await db
    .selectFrom('party_groups')
    .select('party')
    .where('group_name', '=', group)
    .where('item', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** True where a member objected about the groups of a party of late. */
export async function hasObjected(
  db: Db,
  { party, by, now }: { party: string; by: string; now: Date },
): Promise<boolean> {
  const row = await db
    .selectFrom('party_groups')
    .select('item')
    .where('party', '=', party)
    .where('by_party', '=', by)
    .where('since', '>', addDays(now, -objectionDays))
    .executeTakeFirst();
  return row !== undefined;
}

/** A member says that a party belongs to a group, and the panel is asked. */
export async function insertObjectedGroup(
  db: Db,
  objected: PartyGroup & { by: string; item: string; at: Date },
): Promise<void> {
  const { party, group: group_name, by: by_party, item, at: since } = objected;
  await db
    .insertInto('party_groups')
    .values({ party, group_name, since, until: null, by_party, item })
    .execute();
}

/** Ends every membership of a party that counts, and begins the one. The caller holds `stopParty`. */
export async function changeGroup(
  db: Db,
  { party, group, at }: PartyGroup & { at: Date },
): Promise<void> {
  await sql`update party_groups g set until = ${at}
    where g.party = ${party} and g.until is null and (g.item is null or exists (
      select from panel_items i where i.id = g.item and i.outcome = 'join'))`.execute(db);
  const begun = { party, group_name: group, since: at, until: null, by_party: null, item: null };
  await db.insertInto('party_groups').values(begun).execute();
}

/** Every membership, and what was objected, the oldest first. */
export const allGroups = (db: Db): Promise<Selectable<PartyGroupsTable>[]> =>
  db.selectFrom('party_groups').selectAll().orderBy('since').orderBy('group_name').execute();

/** Reads the objection that an item of the panel is about. */
export const objectedIn = (
  db: Db,
  item: string,
): Promise<Selectable<PartyGroupsTable> | undefined> =>
  db.selectFrom('party_groups').selectAll().where('item', '=', item).executeTakeFirst();
