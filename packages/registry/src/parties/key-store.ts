import type { Alg, PublicJwk, Role } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { KeysTable } from '../schema/keys.ts';

export type KeyRow = Selectable<KeysTable>;

/** Keys of a party in the order of its chain: a signer comes before what it signed. */
export const keysOf = (db: Db, party: string): Promise<KeyRow[]> =>
  db.selectFrom('keys').selectAll().where('party', '=', party).orderBy('position').execute();

/** The holder of a key, active or not. */
export async function holderOfKey(db: Db, kid: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('keys')
    .select('holder')
    .where('kid', '=', kid)
    .executeTakeFirst();
  return row?.holder;
}

export async function hasKey(db: Db, kid: string): Promise<boolean> {
  const row = await db.selectFrom('keys').select('kid').where('kid', '=', kid).executeTakeFirst();
  return row !== undefined;
}

/**
 * An active admin key of a party, kept from being revoked until the commit: what it signs here counts
 * before its revocation or not at all.
 */
export const shareAdminKey = (
  db: Db,
  { kid, party }: { kid: string; party: string },
): Promise<KeyRow | undefined> =>
  db
    .selectFrom('keys')
    .selectAll()
    .where('kid', '=', kid)
    .where('party', '=', party)
    .where('admin', '=', true)
    .where('revoked_at', 'is', null)
    .forShare()
    .executeTakeFirst();

/** A live trust or admin key of a party, kept from being revoked until the commit. */
export const shareAttestor = (
  db: Db,
  { kid, party }: { kid: string; party: string },
): Promise<KeyRow | undefined> =>
  db
    .selectFrom('keys')
    .selectAll()
    .where('kid', '=', kid)
    .where('party', '=', party)
    .where((eb) => eb.or([eb('admin', '=', true), eb('role', '=', 'trust')]))
    .where('revoked_at', 'is', null)
    .forShare()
    .executeTakeFirst();

/** Locks a key for its revocation; submissions and key statements by it hold the row shared until they commit. */
export const lockKey = (
  db: Db,
  { kid, party }: { kid: string; party: string },
): Promise<KeyRow | undefined> =>
  db
    .selectFrom('keys')
    .selectAll()
    .where('kid', '=', kid)
    .where('party', '=', party)
    .forUpdate()
    .executeTakeFirst();

export interface NewKey {
  readonly kid: string;
  readonly party: string;
  readonly holder: string;
  readonly role: Role;
  readonly admin: boolean;
  readonly alg: Alg;
  readonly jwk: PublicJwk;
  readonly statement: string;
  readonly position: number;
  readonly activeFrom: Date;
  /** JCS of its `key-added` */
  readonly entry: string;
}

/** Where the next key of a party's chain goes; the caller holds the lock of the party. */
export async function nextPosition(db: Db, party: string): Promise<number> {
  const row = await db
    .selectFrom('keys')
    .select(({ fn }) => fn.max('position').as('last'))
    .where('party', '=', party)
    .executeTakeFirstOrThrow();
  return ((row.last as number | null) ?? -1) + 1;
}

/** Adds a key at the end of its party's chain. @returns whether it did: not when the kid is known, to whatever party */
export async function appendKey(db: Db, { activeFrom, ...key }: NewKey): Promise<boolean> {
  const revocation = { revoked_at: null, revoked_why: null, compromised_since: null };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('keys')
    .values({ ...key, ...revocation, revocation: null, active_from: activeFrom })
    .onConflict((conflict) => conflict.column('kid').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Active admin keys of a party, beside those of one holder or one key. */
export async function countOtherAdmins(
  db: Db,
  { notKid, notHolder, party }: { party: string; notKid?: string; notHolder?: string },
): Promise<number> {
  const row = await db
    .selectFrom('keys')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('party', '=', party)
    .where('admin', '=', true)
    .where('revoked_at', 'is', null)
    .$if(notKid !== undefined, (query) => query.where('kid', '<>', notKid!))
    .$if(notHolder !== undefined, (query) => query.where('holder', '<>', notHolder!))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** When the latest key of a party was added: no revocation of its signer is dated before. */
export async function latestActiveFrom(db: Db, party: string): Promise<Date> {
  const row = await db
    .selectFrom('keys')
    .select(({ fn }) => fn.max('active_from').as('at'))
    .where('party', '=', party)
    .executeTakeFirstOrThrow();
  return row.at;
}

/** Nobody seals to it any more, either. */
export async function setRevoked(
  db: Db,
  kid: string,
  revoked: { at: Date; why: 'retired' | 'compromised'; since: Date | null; entry: string },
): Promise<void> {
  await db
    .updateTable('keys')
    .set({
      revoked_at: revoked.at,
      revoked_why: revoked.why,
      compromised_since: revoked.since,
      revocation: revoked.entry,
    })
    .where('kid', '=', kid)
    .execute();
  await db.deleteFrom('sealing_keys').where('kid', '=', kid).execute();
  await eraseUnreadBooks(db, kid);
}

/** Books of a platform go with its last trust key: nobody is left who could open them. */
async function eraseUnreadBooks(db: Db, kid: string): Promise<void> {
  await db
    .deleteFrom('books')
    .where('party', '=', (eb) => eb.selectFrom('keys').select('party').where('kid', '=', kid))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('keys as k')
            .select('k.kid')
            .whereRef('k.party', '=', 'books.party')
            .where('k.role', '=', 'trust')
            .where('k.revoked_at', 'is', null),
        ),
      ),
    )
    .execute();
}

/** Kids of a holder that are not revoked, in the order of their locks. */
export async function activeKidsOf(db: Db, holder: string): Promise<string[]> {
  const rows = await db
    .selectFrom('keys')
    .select('kid')
    .where('holder', '=', holder)
    .where('revoked_at', 'is', null)
    .orderBy('kid')
    .execute();
  return rows.map(({ kid }) => kid);
}

/** Holders of a party who have a key that is not revoked. */
export async function liveHoldersOf(db: Db, party: string): Promise<string[]> {
  const rows = await db
    .selectFrom('keys')
    .select('holder')
    .distinct()
    .where('party', '=', party)
    .where('revoked_at', 'is', null)
    .execute();
  return rows.map(({ holder }) => holder);
}

/** Sanctions that a key signed since an instant and that have not ended, in the order of their locks. */
export async function liveSignedBy(
  db: Db,
  { kid, now, since }: { kid: string; since: Date; now: Date },
): Promise<string[]> {
  const rows = await db
    .selectFrom('sanctions as s')
    .leftJoin('ends as e', 'e.sanction', 's.id')
    .select('s.id')
    .where('s.kid', '=', kid)
    .where('s.expires_at', '>', now)
    .where('e.sanction', 'is', null)
    // The registry's time of receipt: iat is chosen by whoever holds the stolen key.
    .where(sql<Date>`coalesce(s.submitted_at, s.drafted_at)`, '>=', since)
    .orderBy('s.id')
    .execute();
  return rows.map(({ id }) => id);
}

export interface SignerRow {
  kid: string;
  jwk: PublicJwk;
  party: string;
  holder: string;
  role: Role;
  revoked_at: Date | null;
  revoked_why: 'retired' | 'compromised' | null;
}

/** The key of a statement, shared: a revocation waits for this transaction, or this one sees it. */
export const shareSigner = (db: Db, kid: string): Promise<SignerRow | undefined> =>
  signerShare(db, kid).executeTakeFirst();

/** The same as a statement, to be sent with others. */
export const signerShare = (db: Db, kid: string) =>
  db
    .selectFrom('keys')
    .select(['kid', 'jwk', 'party', 'holder', 'role', 'revoked_at', 'revoked_why'])
    .where('kid', '=', kid)
    .forShare();
