import type { Role } from '@recourse/protocol';
import type { Selectable } from 'kysely';
import type { Db, EnrolmentsTable, InvitesTable } from '../database.ts';

/**
 * Locks an invite that can still be redeemed. Whoever comes second waits here, and then finds it redeemed:
 * PostgreSQL evaluates the condition anew on the row as committed.
 */
export async function lockInvite(
  db: Db,
  of: { codeHash: string; now: Date },
): Promise<Selectable<InvitesTable> | undefined> {
  return db
    .selectFrom('invites')
    .selectAll()
    .where('code_hash', '=', of.codeHash)
    .where('redeemed_at', 'is', null)
    .where('expires_at', '>', of.now)
    .forUpdate()
    .executeTakeFirst();
}

export async function hasInvite(db: Db, codeHash: string): Promise<boolean> {
  const row = await db
    .selectFrom('invites')
    .select('id')
    .where('code_hash', '=', codeHash)
    .executeTakeFirst();
  return row !== undefined;
}

export interface NewInvite {
  readonly id: string;
  readonly codeHash: string;
  readonly party: string;
  readonly holder: string;
  readonly role: Role;
  readonly admin: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** False when this code was used for an invite before. */
export async function insertInvite(db: Db, invite: NewInvite): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('invites')
    .values({
      code_hash: invite.codeHash,
      id: invite.id,
      party: invite.party,
      holder: invite.holder,
      role: invite.role,
      admin: invite.admin,
      created_at: invite.createdAt,
      expires_at: invite.expiresAt,
      redeemed_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function redeemInvite(db: Db, codeHash: string, at: Date): Promise<void> {
  await db
    .updateTable('invites')
    .set({ redeemed_at: at })
    .where('code_hash', '=', codeHash)
    .execute();
}

/** Makes every open invite of a party worthless. */
export async function voidInvites(db: Db, party: string, at: Date): Promise<void> {
  await db
    .updateTable('invites')
    .set({ redeemed_at: at })
    .where('party', '=', party)
    .where('redeemed_at', 'is', null)
    .execute();
}

/** Makes the open invites of one person worthless. */
export async function voidInvitesOf(db: Db, holder: string, at: Date): Promise<void> {
  await db
    .updateTable('invites')
    .set({ redeemed_at: at })
    .where('holder', '=', holder)
    .where('redeemed_at', 'is', null)
    .execute();
}

/** A holder of this party who was not removed and whose term, if any, runs. Others' look the same as none. */
export async function findHolder(
  db: Db,
  of: { id: string; party: string; now: Date },
): Promise<{ id: string } | undefined> {
  return db
    .selectFrom('holders')
    .select('id')
    .where('id', '=', of.id)
    .where('party', '=', of.party)
    .where('removed_at', 'is', null)
    .where((eb) => eb.or([eb('term_until', 'is', null), eb('term_until', '>', of.now)]))
    .executeTakeFirst();
}

/** Whether somebody belongs to a party and was not removed, term or no term. */
export async function isHolderOf(db: Db, of: { id: string; party: string }): Promise<boolean> {
  const row = await db
    .selectFrom('holders')
    .select('id')
    .where('id', '=', of.id)
    .where('party', '=', of.party)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** False when the holder exists, in this party or in another. */
export async function insertHolder(
  db: Db,
  holder: { id: string; party: string; termUntil?: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('holders')
    .values({
      id: holder.id,
      party: holder.party,
      term_until: holder.termUntil ?? null,
      removed_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function removeHolder(db: Db, id: string, at: Date): Promise<void> {
  await db.updateTable('holders').set({ removed_at: at }).where('id', '=', id).execute();
  await db.deleteFrom('enrolments').where('holder', '=', id).execute();
}

export async function insertAffiliations(
  db: Db,
  holder: string,
  affiliations: readonly { party: string; until: Date | null }[],
): Promise<void> {
  if (affiliations.length === 0) return;
  await db
    .insertInto('affiliations')
    .values(affiliations.map((affiliation) => ({ holder, ...affiliation })))
    .execute();
}

/** False when an enrolment of this key waits already. */
export async function insertEnrolment(
  db: Db,
  enrolment: Selectable<EnrolmentsTable>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('enrolments')
    .values(enrolment)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Takes a waiting enrolment out, whichever party it is of: one key waits in one place. */
export async function takeEnrolment(
  db: Db,
  kid: string,
): Promise<Selectable<EnrolmentsTable> | undefined> {
  return db.deleteFrom('enrolments').where('kid', '=', kid).returningAll().executeTakeFirst();
}

export const waitingEnrolments = (db: Db, party: string): Promise<Selectable<EnrolmentsTable>[]> =>
  db
    .selectFrom('enrolments')
    .selectAll()
    .where('party', '=', party)
    .orderBy('enrolled_at')
    .orderBy('kid')
    .execute();
