import { panelRules, type Id, type PanelOutcome } from '@recourse/protocol';
import { sql, type Insertable, type Selectable } from 'kysely';
import { addDays } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';
import type { PanelItemsTable, PanelVotesTable } from '../schema/panel.ts';

export interface ItemRow extends Selectable<PanelItemsTable> {
  id: Id<'itm'>;
  party: Id<'plt'>;
}

export type NewItem = Omit<Insertable<PanelItemsTable>, 'closed_at' | 'closed_by' | 'outcome'>;

const items = (db: Db) => db.selectFrom('panel_items').selectAll().$castTo<ItemRow>();

/** False where such an item is open, or was asked before and is asked once. */
export async function insertItem(db: Db, item: NewItem): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('panel_items')
    .values({ ...item, closed_at: null, closed_by: null, outcome: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export const findItem = (db: Db, id: string): Promise<ItemRow | undefined> =>
  items(db).where('id', '=', id).executeTakeFirst();

/** Votes on one item, and its deadline, wait for each other here. */
export async function lockItem(db: Db, id: string): Promise<ItemRow | undefined> {
  return items(db).where('id', '=', id).forUpdate().executeTakeFirst();
}

/** Items that are open, those due first. */
export const openItems = (db: Db): Promise<ItemRow[]> =>
  items(db).where('closed_at', 'is', null).orderBy('due_at').orderBy('id').execute();

/** Items about a party, the newest first. */
export const itemsAbout = (db: Db, party: string): Promise<ItemRow[]> =>
  items(db).where('party', '=', party).orderBy('opened_at', 'desc').orderBy('id').execute();

/** Reviewers who may vote on each of these items at an instant, by the rule that the database holds votes to. */
export async function whoMayVote(
  db: Db,
  { items, at }: { items: readonly string[]; at: Date },
): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ item: string; holders: string[] }>`
    select i.id as item, array_agg(h.id order by h.id) as holders
    from unnest(${[...items]}::text[]) as i(id)
    join holders h on h.party = 'panel' and may_vote(i.id, h.id, ${at})
    group by i.id`.execute(db);
  return new Map(rows.map(({ item, holders }) => [item, holders]));
}

export type VoteRow = Selectable<PanelVotesTable>;

export const votesOn = (db: Db, item: string): Promise<VoteRow[]> =>
  db
    .selectFrom('panel_votes')
    .selectAll()
    .where('item', '=', item)
    .orderBy('at')
    .orderBy('holder')
    .execute();

/** Who has voted on each of these items. */
export async function votersOf(
  db: Db,
  items: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const voters = new Map<string, Set<string>>(items.map((item) => [item, new Set()]));
  if (items.length === 0) return voters;
  const rows = await db
    .selectFrom('panel_votes')
    .select(['item', 'holder'])
    .where('item', 'in', [...items])
    .execute();
  for (const { item, holder } of rows) voters.get(item)?.add(holder);
  return voters;
}

export async function insertVote(db: Db, vote: Insertable<PanelVotesTable>): Promise<void> {
  await db.insertInto('panel_votes').values(vote).execute();
}

/** Closes an open item. The caller holds {@link lockItem}. */
export async function closeItemRow(
  db: Db,
  item: string,
  closing: {
    at: Date;
    by: NonNullable<PanelItemsTable['closed_by']>;
    outcome: PanelOutcome | null;
  },
): Promise<void> {
  await db
    .updateTable('panel_items')
    .set({ closed_at: closing.at, closed_by: closing.by, outcome: closing.outcome })
    .where('id', '=', item)
    .where('closed_at', 'is', null)
    .execute();
}

/** Nobody decided it in time. A registration waits for its votes. */
export const isLapsed = ({ kind, due_at: due }: ItemRow, now: Date): boolean =>
  kind !== 'admission' && due <= now;

/** Since when reviewers are asked: about a registration once its window is over. */
export const askedSince = ({ kind, opened_at, due_at }: ItemRow): Date =>
  kind === 'admission' ? addDays(due_at, -panelRules[kind].dueDays) : opened_at;

const dueItems = (now: Date) =>
  sql`select id, due_at from panel_items where closed_at is null and due_at <= ${now}
    and kind <> 'admission'`;

/** Open items past their deadline, the longest first, but for some. */
export async function findDueItems(
  db: Db,
  { now, except, limit }: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${dueItems(now)}) i where id <> all(${[...except]}::text[])
    order by due_at, id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

export async function countDueItems(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${dueItems(now)}) i`.execute(db);
  return rows[0]?.n ?? 0;
}
