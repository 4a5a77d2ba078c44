import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { CaseCodesTable } from '../schema/cases.ts';
import type { ClaimantWaysTable, ClaimantsTable } from '../schema/claimants.ts';

export type ClaimantRow = Selectable<ClaimantsTable>;
export type WayRow = Selectable<ClaimantWaysTable>;

/** A match of a secret: it opens a case as one of its claimants, or by a code, which nobody has acted by yet. */
export interface SecretMatch {
  readonly sanction: string;
  readonly by: 'claimant' | 'code';
}

/** Finds what the hash of a secret opens, in one statement whatever that is. Drafts and erased cases open by nothing. */
export async function findOpened(db: Db, hash: string): Promise<SecretMatch | undefined> {
  const { rows } = await sql<SecretMatch>`
    select c.sanction, 'claimant' as by from claimants c join case_keys k on k.sanction = c.sanction
    where c.secret = ${hash} and c.left_at is null
    union all
    select o.sanction, 'code' from case_codes o
    join sanctions s on s.id = o.sanction and s.submitted_at is not null
    join case_keys k on k.sanction = o.sanction
    where o.hash = ${hash}
    limit 1`.execute(db);
  return rows[0];
}

/** True where a hash is taken by a claimant, a code or an invitation of any case. */
export async function isTaken(db: Db, hash: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select from claimants where secret = ${hash})
      or exists (select from case_codes where hash = ${hash})
      or exists (select from case_access where invite = ${hash}) as taken`.execute(db);
  return rows[0]?.taken ?? false;
}

/** The claimant of a secret, who has not left. */
export const findClaimant = (db: Db, secret: string): Promise<ClaimantRow | undefined> =>
  db
    .selectFrom('claimants')
    .selectAll()
    .where('secret', '=', secret)
    .where('left_at', 'is', null)
    .executeTakeFirst();

export const claimantsBySecrets = (db: Db, secrets: readonly string[]): Promise<ClaimantRow[]> =>
  db.selectFrom('claimants').selectAll().where('secret', 'in', secrets).execute();

export async function insertClaimant(
  db: Db,
  claimant: Omit<Insertable<ClaimantsTable>, 'left_at'>,
): Promise<void> {
  await db
    .insertInto('claimants')
    .values({ ...claimant, left_at: null })
    .execute();
}

export async function setSecret(db: Db, id: string, secret: string): Promise<void> {
  await db.updateTable('claimants').set({ secret }).where('id', '=', id).execute();
}

/** They open nothing any more; what they did stays. */
export async function endClaimants(
  db: Db,
  { ids, at }: { ids: readonly string[]; at: Date },
): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('claimants')
    .set({ left_at: at })
    .where('id', 'in', ids)
    .where('left_at', 'is', null)
    .execute();
}

export type CodeRow = Pick<Selectable<CaseCodesTable>, 'position' | 'made_at' | 'used_by'> &
  Pick<Selectable<ClaimantWaysTable>, 'by_phone'>;

/** A code of a case with the identifier that it was delivered to; none of one that the platform handed out. */
export async function codeOf(db: Db, hash: string): Promise<CodeRow | undefined> {
  const { rows } = await sql<CodeRow>`
    select o.position, o.made_at, o.used_by, exists (
      select from notice_deliveries d
      where d.sanction = o.sanction and d.position = o.position and d.channel = 'sms'
    ) as by_phone
    from case_codes o where o.hash = ${hash}`.execute(db);
  return rows[0];
}

/** Whose way a code was first. The caller holds the lock of its sanction. */
export async function useFirst(
  db: Db,
  { hash, claimant }: { hash: string; claimant: string },
): Promise<void> {
  await db
    .updateTable('case_codes')
    .set({ used_by: claimant })
    .where('hash', '=', hash)
    .where('used_by', 'is', null)
    .execute();
}

/** How a claimant came to the case, the first way first. */
export const waysOf = (db: Db, claimant: string): Promise<WayRow[]> =>
  db
    .selectFrom('claimant_ways')
    .selectAll()
    .where('claimant', '=', claimant)
    .orderBy('at')
    .orderBy('position')
    .execute();

/** The first time that somebody says since when the number is theirs counts; false where they have come by none, or said it. */
export async function setNumberSince(
  db: Db,
  { claimant, since }: { claimant: string; since: Date },
): Promise<boolean> {
  const rows = await db
    .updateTable('claimant_ways')
    .set({ number_since: since })
    .where('claimant', '=', claimant)
    .where('by_phone', '=', true)
    .where('number_since', 'is', null)
    .returning('claimant')
    .execute();
  return rows.length > 0;
}

/** A way that a claimant has already is proven once more. */
export async function addWays(
  db: Db,
  ways: Omit<Insertable<ClaimantWaysTable>, 'position' | 'number_since'> & {
    readonly positions: readonly (number | null)[];
  },
): Promise<void> {
  const { positions, ...way } = ways;
  await db
    .insertInto('claimant_ways')
    .values(positions.map((position) => ({ ...way, position, number_since: null })))
    .onConflict((conflict) =>
      conflict.columns(['claimant', 'way', 'position', 'first_use']).doUpdateSet({
        proven_at: sql<Date>`greatest(claimant_ways.proven_at, excluded.proven_at)`,
      }),
    )
    .execute();
}
