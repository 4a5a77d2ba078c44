import type { AppealRecord, Id } from '@recourse/protocol';
import type { Insertable, Selectable, Updateable } from 'kysely';
import type { AppealsTable, Db } from '../kernel/database.ts';

export interface AppealRow extends Selectable<AppealsTable> {
  id: Id<'apl'>;
  sanction: Id<'snc'>;
  reopens: Id<'apl'> | null;
}

export type AppealState = AppealRecord['state'];

export async function insertAppeal(db: Db, row: Insertable<AppealsTable>): Promise<AppealRow> {
  return db
    .insertInto('appeals')
    .values(row)
    .returningAll()
    .$castTo<AppealRow>()
    .executeTakeFirstOrThrow();
}

export const findAppeal = (db: Db, id: string): Promise<AppealRow | undefined> =>
  db.selectFrom('appeals').selectAll().where('id', '=', id).$castTo<AppealRow>().executeTakeFirst();

/** The appeals of a sanction, the oldest first. */
export const appealsOf = (db: Db, sanction: string): Promise<AppealRow[]> =>
  db
    .selectFrom('appeals')
    .selectAll()
    .where('sanction', '=', sanction)
    .orderBy('id')
    .$castTo<AppealRow>()
    .execute();

/** Appeals against the sanctions of a platform, the newest first, before an id where one is given. */
export function listAppeals(
  db: Db,
  of: { party: string; before?: string | undefined; limit: number; open?: boolean | undefined },
): Promise<AppealRow[]> {
  const { before, open } = of;
  return db
    .selectFrom('appeals as a')
    .innerJoin('sanctions as s', 's.id', 'a.sanction')
    .selectAll('a')
    .where('s.party', '=', of.party)
    .$if(before !== undefined, (query) => query.where('a.id', '<', before!))
    .$if(open !== undefined, (query) => query.where('a.closed_at', open ? 'is' : 'is not', null))
    .orderBy('a.id', 'desc')
    .limit(of.limit)
    .$castTo<AppealRow>()
    .execute();
}

/** Changes the open appeal; the caller holds its sanction FOR UPDATE. */
export async function changeAppeal(
  db: Db,
  appeal: string,
  values: Pick<
    Updateable<AppealsTable>,
    | 'evidence_due_at'
    | 'evidence_lapses_at'
    | 'evidence_confirmed_at'
    | 'added_days'
    | 'reviewers'
    | 'decision_due_at'
    | 'responded_at'
    | 'response'
  >,
): Promise<void> {
  await db
    .updateTable('appeals')
    .set(values)
    .where('id', '=', appeal)
    .where('closed_at', 'is', null)
    .execute();
}

/** What a join makes of an open appeal; its other deadlines stay. */
export async function speedUp(
  db: Db,
  appeal: string,
  values: Pick<
    Updateable<AppealsTable>,
    'bound' | 'reviewers' | 'relief_due_at' | 'assignment_due_at'
  >,
): Promise<void> {
  await db.updateTable('appeals').set(values).where('id', '=', appeal).execute();
}

/** Relief is decided once, and only where it is due. */
export async function decideRelief(
  db: Db,
  appeal: string,
  decided: { at: Date; as: 'granted' | 'refused' },
): Promise<void> {
  await db
    .updateTable('appeals')
    .set({ relief_decided_at: decided.at, relief_decided_as: decided.as })
    .where('id', '=', appeal)
    .where('relief_due_at', 'is not', null)
    .where('relief_decided_at', 'is', null)
    .execute();
}
