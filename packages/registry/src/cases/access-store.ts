import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { CaseAccessTable } from '../schema/claimants.ts';

/** Has access, or can still get it. */
export const isOpen = ({ ended_at, claimant, invite_until }: AccessRow, now: Date): boolean =>
  ended_at === null && (claimant !== null || invite_until > now);

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

type Place = Pick<AccessRow, 'by_claimant' | 'place'>;

export async function endAccessRow(db: Db, { by_claimant, place }: Place, at: Date): Promise<void> {
  await db
    .updateTable('case_access')
    .set({ ended_at: at })
    .where('by_claimant', '=', by_claimant)
    .where('place', '=', place)
    .where('ended_at', 'is', null)
    .execute();
}

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
  { invite, now }: { invite: string; now: Date },
): Promise<AccessRow | undefined> =>
  db
    .selectFrom('case_access')
    .selectAll()
    .where('invite', '=', invite)
    .where('claimant', 'is', null)
    .where('ended_at', 'is', null)
    .where('invite_until', '>', now)
    .executeTakeFirst();

export async function acceptAccess(
  db: Db,
  { by_claimant, place }: Place,
  { claimant, at }: { claimant: string; at: Date },
): Promise<void> {
  await db
    .updateTable('case_access')
    .set({ claimant, since: at })
    .where('by_claimant', '=', by_claimant)
    .where('place', '=', place)
    .execute();
}
