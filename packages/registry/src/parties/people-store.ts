import type { ReasonCode, Role } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { EnrolmentsTable } from '../schema/keys.ts';
import type { InvitesTable } from '../schema/parties.ts';

/**
 * Locks an invite that can still be redeemed. Whoever comes second waits here, and then finds it redeemed:
 * PostgreSQL evaluates the condition anew on the row as committed.
 */
export async function lockInvite(
  db: Db,
  { codeHash, now }: { codeHash: string; now: Date },
): Promise<Selectable<InvitesTable> | undefined> {
  return db
    .selectFrom('invites')
    .selectAll()
    .where('code_hash', '=', codeHash)
    .where('redeemed_at', 'is', null)
    .where('expires_at', '>', now)
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
  { id, party, now }: { id: string; party: string; now: Date },
): Promise<{ id: string } | undefined> {
  return db
    .selectFrom('holders')
    .select('id')
    .where('id', '=', id)
    .where('party', '=', party)
    .where('removed_at', 'is', null)
    .where((eb) => eb.or([eb('term_until', 'is', null), eb('term_until', '>', now)]))
    .executeTakeFirst();
}

/** True where somebody belongs to a party and was not removed, term or no term. */
export async function isHolderOf(
  db: Db,
  { id, party }: { id: string; party: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('holders')
    .select('id')
    .where('id', '=', id)
    .where('party', '=', party)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

export interface NewHolder {
  readonly id: string;
  readonly party: string;
  readonly termUntil?: Date;
  /** The languages of a reviewer */
  readonly languages?: readonly string[];
  readonly optOut?: readonly ReasonCode[];
}

/** False when the holder exists, in this party or in another. */
export async function insertHolder(
  db: Db,
  { languages = [], optOut = [], ...holder }: NewHolder,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('holders')
    .values({
      id: holder.id,
      party: holder.party,
      term_until: holder.termUntil ?? null,
      removed_at: null,
      languages: [...languages],
      opt_out: [...optOut],
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

/** A sitting reviewer's signed word for a new one. */
export interface NewCountersignature {
  /** The holder who signed */
  readonly by: string;
  readonly kid: string;
  /** `recourse-countersignature+jwt` */
  readonly statement: string;
}

export async function insertCountersignatures(
  db: Db,
  signed: { holder: string; countersignatures: readonly NewCountersignature[] },
): Promise<void> {
  const { holder, countersignatures } = signed;
  if (countersignatures.length === 0) return;
  const rows = countersignatures.map(({ by, kid, statement }) => ({
    holder,
    by_holder: by,
    kid,
    statement,
  }));
  await db.insertInto('countersignatures').values(rows).execute();
}

/** Seats of the panel that were ever given, and who sits now: with a key, not removed, and within their term. */
export async function panelSeats(db: Db, now: Date): Promise<{ ever: number; sitting: number }> {
  const { rows } = await sql<{ ever: number; sitting: number }>`
    select count(*)::int as ever, (count(*) filter (
      where removed_at is null and (term_until is null or term_until > ${now})
        and exists (select from keys k where k.holder = holders.id and k.revoked_at is null)
    ))::int as sitting
    from holders where party = 'panel'`.execute(db);
  return rows[0] ?? { ever: 0, sitting: 0 };
}

export interface PanelMember {
  readonly id: string;
  readonly since: Date | null;
  readonly term_until: Date | null;
  /** JSON: `until` is text */
  readonly affiliations: { party: string; until: string | null }[];
  readonly languages: string[];
  readonly opt_out: ReasonCode[];
  readonly countersigned_by: string[];
}

/** Reviewers who were not removed and whose term runs, as they are published: no names. */
export async function panelMembers(db: Db, now: Date): Promise<PanelMember[]> {
  const { rows } = await sql<PanelMember>`
    select h.id, h.term_until, h.languages, h.opt_out,
      (select min(i.created_at) from invites i where i.holder = h.id) as since,
      (select coalesce(jsonb_agg(jsonb_build_object('party', a.party, 'until', a.until)
        order by a.party), '[]') from affiliations a where a.holder = h.id) as affiliations,
      array(select c.by_holder from countersignatures c where c.holder = h.id
        order by c.by_holder) as countersigned_by
    from holders h
    where h.party = 'panel' and h.removed_at is null
      and (h.term_until is null or h.term_until > ${now})
    order by h.id`.execute(db);
  return rows;
}
