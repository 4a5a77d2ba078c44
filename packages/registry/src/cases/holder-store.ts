import { sql, type Insertable, type Selectable } from 'kysely';
import type { CaseHoldersTable, Db } from '../database.ts';

export type HolderRow = Selectable<CaseHoldersTable>;

/** What a secret opens: a case by a live key of it, or by the code of its notice. */
export interface Opened {
  readonly sanction: string;
  readonly by: 'key' | 'code';
}

/**
 * Finds what the hash of a secret opens, in one statement whatever that is. Drafts and erased cases open by nothing.
 */
export async function findOpened(db: Db, keyHash: string): Promise<Opened | undefined> {
  const { rows } = await sql<Opened>`
    select h.sanction, 'key' as by from case_holders h join case_keys k on k.sanction = h.sanction
    where h.key_hash = ${keyHash} and h.ended_at is null
    union all
    select s.id, 'code' from sanctions s join case_keys k on k.sanction = s.id
    where s.case_key = ${keyHash} and s.submitted_at is not null
    limit 1`.execute(db);
  return rows[0];
}

/** Whether a hash is taken by any key, code or invitation of any case, live or not. */
export async function isTaken(db: Db, keyHash: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select from case_holders where key_hash = ${keyHash})
      or exists (select from sanctions where case_key = ${keyHash})
      or exists (select from case_access where invite = ${keyHash}) as taken`.execute(db);
  return rows[0]?.taken ?? false;
}

export const findHolder = (db: Db, keyHash: string): Promise<HolderRow | undefined> =>
  db.selectFrom('case_holders').selectAll().where('key_hash', '=', keyHash).executeTakeFirst();

/** Whose the case is now. */
export const liveHolder = (db: Db, sanction: string): Promise<HolderRow | undefined> =>
  db
    .selectFrom('case_holders')
    .selectAll()
    .where('sanction', '=', sanction)
    .where('holds', '=', true)
    .where('ended_at', 'is', null)
    .executeTakeFirst();

/** When somebody who had claimed a case by its code last lost it. */
export async function lastContested(db: Db, sanction: string): Promise<Date | null> {
  const row = await db
    .selectFrom('case_holders')
    .select(({ fn }) => fn.max('ended_at').as('at'))
    .where('sanction', '=', sanction)
    .where('ended_as', '=', 'contested')
    .executeTakeFirst();
  return row?.at ?? null;
}

export async function insertHolder(
  db: Db,
  holder: Omit<Insertable<CaseHoldersTable>, 'ended_at' | 'ended_as'>,
): Promise<void> {
  await db
    .insertInto('case_holders')
    .values({ ...holder, ended_at: null, ended_as: null })
    .execute();
}

export async function endHolder(
  db: Db,
  keyHash: string,
  of: { as: 'rotated' | 'contested' | 'ended'; at: Date },
): Promise<void> {
  await db
    .updateTable('case_holders')
    .set({ ended_at: of.at, ended_as: of.as })
    .where('key_hash', '=', keyHash)
    .execute();
}

export async function changeHolder(
  db: Db,
  keyHash: string,
  to: Partial<Pick<HolderRow, 'holds' | 'unlocked' | 'positions'>>,
): Promise<void> {
  await db.updateTable('case_holders').set(to).where('key_hash', '=', keyHash).execute();
}
