import type { Id } from '@recourse/protocol';
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { ChallengesTable } from '../schema/panel.ts';
import type { ItemRow } from './store.ts';

export type ChallengeRow = Selectable<ChallengesTable>;

/** A record's subject that a platform which knows the record may challenge. */
export interface Challengeable {
  readonly sanction: Id<'snc'>;
  readonly position: number;
  readonly proven_at: Date;
}

/** Subjects of a token in records that a platform submitted or was told of; in the order in which sanctions are locked. */
export async function challengeable(
  db: Db,
  { lookup, epoch, party }: { lookup: Uint8Array; epoch: number; party: string },
): Promise<Challengeable[]> {
  const { rows } = await sql<Challengeable>`
    select distinct u.sanction, u.position, u.proven_at from subjects u
    join sanctions s on s.id = u.sanction and s.submitted_at is not null
    join case_keys k on k.sanction = s.id
    where u.lookup = ${lookup} and u.epoch = ${epoch} and u.detached_at is null
      and (s.party = ${party} or exists (
        select from disclosures d where d.sanction = s.id and d.party = ${party}))
    order by u.sanction, u.position`.execute(db);
  return rows;
}

export async function insertChallenge(
  db: Db,
  challenge: Omit<Insertable<ChallengesTable>, 'closed_at'>,
): Promise<void> {
  await db
    .insertInto('challenges')
    .values({ ...challenge, closed_at: null })
    .execute();
}

export const findChallenge = (db: Db, item: string): Promise<ChallengeRow | undefined> =>
  db.selectFrom('challenges').selectAll().where('item', '=', item).executeTakeFirst();

/** What was asked about one subject, the newest first. */
export const challengesOf = (
  db: Db,
  { sanction, position }: { sanction: string; position: number },
): Promise<AskedChallenge[]> =>
  db
    .selectFrom('challenges as c')
    .innerJoin('panel_items as i', 'i.id', 'c.item')
    .selectAll('c')
    .select(['i.due_at', 'i.closed_by'])
    .where('c.sanction', '=', sanction)
    .where('c.position', '=', position)
    .orderBy('c.at', 'desc')
    .orderBy('c.item', 'desc')
    .$castTo<AskedChallenge>()
    .execute();

export interface AskedChallenge extends ChallengeRow {
  item: Id<'itm'>;
  due_at: Date;
  closed_by: ItemRow['closed_by'];
}

export async function closeChallenge(db: Db, item: string, at: Date): Promise<void> {
  await db
    .updateTable('challenges')
    .set({ closed_at: at })
    .where('item', '=', item)
    .where('closed_at', 'is', null)
    .execute();
}

/** Items about a record, the newest first. */
export const itemsOfCase = (db: Db, sanction: string): Promise<CaseItemRow[]> =>
  db
    .selectFrom('panel_items')
    .selectAll()
    .where('sanction', '=', sanction)
    .where('kind', '=', 'challenge')
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .$castTo<CaseItemRow>()
    .execute();

export interface CaseItemRow extends ItemRow {
  kind: 'challenge';
  sanction: Id<'snc'>;
}

export const isOfCase = (item: ItemRow): item is CaseItemRow => item.kind === 'challenge';

/** The subjects of a record as reviewers are shown them, without their tokens. */
export const subjectsShown = (db: Db, sanction: string) =>
  db
    .selectFrom('subjects')
    .select(['position', 'kind', 'control', 'proven_at'])
    .distinct()
    .where('sanction', '=', sanction)
    .where('detached_at', 'is', null)
    .orderBy('position')
    .execute();
