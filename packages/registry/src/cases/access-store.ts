import type { Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { CaseAccessTable } from '../kernel/tables/appeals.ts';

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

export type Place = Pick<AccessRow, 'by_claimant' | 'place'>;
