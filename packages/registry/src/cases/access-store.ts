import type { Insertable, Selectable } from 'kysely';
import type { CaseAccessTable, Db } from '../kernel/database.ts';

export type AccessRow = Selectable<CaseAccessTable>;

/** Everybody that a claimant ever let in, in the order of their invitations. */
export const invitedBy = (db: Db, claimant: string): Promise<AccessRow[]> =>
  db
    .selectFrom('case_access')
    .selectAll()
    .where('by_claimant', '=', claimant)
    .orderBy('place')
    .execute();

/** The invitation that somebody came by. */
export const acceptedBy = (db: Db, claimant: string): Promise<AccessRow | undefined> =>
  db.selectFrom('case_access').selectAll().where('claimant', '=', claimant).executeTakeFirst();

export async function insertAccess(
  db: Db,
  row: Omit<Insertable<CaseAccessTable>, 'claimant' | 'since' | 'ended_at'>,
): Promise<void> {
  await db
    .insertInto('case_access')
    .values({ ...row, claimant: null, since: null, ended_at: null })
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
    .where('claimant', 'is', null)
    .where('ended_at', 'is', null)
    .where('invite_until', '>', of.now)
    .executeTakeFirst();

type Place = Pick<AccessRow, 'by_claimant' | 'place'>;

export async function acceptAccess(
  db: Db,
  { by_claimant, place }: Place,
  of: { claimant: string; at: Date },
): Promise<void> {
  await db
    .updateTable('case_access')
    .set({ claimant: of.claimant, since: of.at })
    .where('by_claimant', '=', by_claimant)
    .where('place', '=', place)
    .execute();
}

export async function endAccessRow(db: Db, { by_claimant, place }: Place, at: Date): Promise<void> {
  await db
    .updateTable('case_access')
    .set({ ended_at: at })
    .where('by_claimant', '=', by_claimant)
    .where('place', '=', place)
    .where('ended_at', 'is', null)
    .execute();
}
