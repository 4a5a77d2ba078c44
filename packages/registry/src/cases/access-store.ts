import type { Insertable, Selectable } from 'kysely';
import type { CaseAccessTable, Db } from '../database.ts';

export type AccessRow = Selectable<CaseAccessTable>;

/** Everybody that was ever given access to a case, in the order of their invitations. */
export const accessOf = (db: Db, sanction: string): Promise<AccessRow[]> =>
  db
    .selectFrom('case_access')
    .selectAll()
    .where('sanction', '=', sanction)
    .orderBy('place')
    .execute();

export async function insertAccess(
  db: Db,
  row: Omit<Insertable<CaseAccessTable>, 'holder' | 'since' | 'ended_at'>,
): Promise<void> {
  await db
    .insertInto('case_access')
    .values({ ...row, holder: null, since: null, ended_at: null })
    .execute();
}

/** An invitation that nobody used yet, by the hash of its code. */
export const findInvite = (
  db: Db,
  of: { invite: string; now: Date },
): Promise<AccessRow | undefined> =>
  db
    .selectFrom('case_access')
    .selectAll()
    .where('invite', '=', of.invite)
    .where('holder', 'is', null)
    .where('ended_at', 'is', null)
    .where('invite_until', '>', of.now)
    .executeTakeFirst();

export async function acceptAccess(
  db: Db,
  { sanction, place }: Pick<AccessRow, 'sanction' | 'place'>,
  of: { holder: string; at: Date },
): Promise<void> {
  await db
    .updateTable('case_access')
    .set({ holder: of.holder, since: of.at })
    .where('sanction', '=', sanction)
    .where('place', '=', place)
    .execute();
}

/** Whoever replaced their key has the same access. */
export async function moveAccess(db: Db, of: { from: string; to: string }): Promise<void> {
  await db
    .updateTable('case_access')
    .set({ holder: of.to })
    .where('holder', '=', of.from)
    .execute();
}

export async function endAccessRows(
  db: Db,
  of: { sanction: string; places: readonly number[]; at: Date },
): Promise<void> {
  if (of.places.length === 0) return;
  await db
    .updateTable('case_access')
    .set({ ended_at: of.at })
    .where('sanction', '=', of.sanction)
    .where('place', 'in', of.places)
    .where('ended_at', 'is', null)
    .execute();
}
