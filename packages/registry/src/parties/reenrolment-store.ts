import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { ReenrolmentsTable } from '../schema/keys.ts';

export type ReenrolmentRow = Selectable<ReenrolmentsTable>;

/** Announced, and neither stopped, nor carried out, nor lapsed. */
const open = (now: Date) =>
  sql<boolean>`stopped_at is null and enrolled_at is null and lapses_at > ${now}`;

/** False where the code was used for one before. */
export async function insertReenrolment(
  db: Db,
  row: Omit<Insertable<ReenrolmentsTable>, 'stopped_at' | 'stopped_by' | 'kid' | 'enrolled_at'>,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('reenrolments')
    .values({ ...row, stopped_at: null, stopped_by: null, kid: null, enrolled_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export const openReenrolments = (db: Db, now: Date): Promise<ReenrolmentRow[]> =>
  db.selectFrom('reenrolments').selectAll().where(open(now)).execute();

export const openReenrolmentOf = (
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<ReenrolmentRow | undefined> =>
  db
    .selectFrom('reenrolments')
    .selectAll()
    .where('party', '=', party)
    .where(open(now))
    .executeTakeFirst();

export const findReenrolment = (db: Db, invite: string): Promise<ReenrolmentRow | undefined> =>
  db.selectFrom('reenrolments').selectAll().where('invite', '=', invite).executeTakeFirst();

/** Those by which a party got a new first key, in their order. */
export const enrolledOf = (db: Db, party: string): Promise<ReenrolmentRow[]> =>
  db
    .selectFrom('reenrolments')
    .selectAll()
    .where('party', '=', party)
    .where('enrolled_at', 'is not', null)
    .orderBy('enrolled_at')
    .execute();

export async function stopReenrolment(
  db: Db,
  { at, by, invite }: { invite: string; by: string; at: Date },
): Promise<void> {
  await db
    .updateTable('reenrolments')
    .set({ stopped_at: at, stopped_by: by })
    .where('invite', '=', invite)
    .where('stopped_at', 'is', null)
    .where('enrolled_at', 'is', null)
    .execute();
}

export async function setEnrolled(
  db: Db,
  { kid, at, invite }: { invite: string; kid: string; at: Date },
): Promise<void> {
  await db
    .updateTable('reenrolments')
    .set({ kid, enrolled_at: at })
    .where('invite', '=', invite)
    .where('stopped_at', 'is', null)
    .where('enrolled_at', 'is', null)
    .execute();
}
