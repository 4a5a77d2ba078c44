import { type AppealRecord, type Id, isId, type ReviewId } from '@recourse/protocol';
import { type Insertable, type Selectable, type Updateable, sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { AppealsTable } from '../schema/appeals.ts';
import { pipelined } from '../kernel/pipelined.ts';
import { reliefSpared, reviewersAgain, toldReviewers } from '../schema/life-columns.ts';
import { reviewRules, type ReviewKind } from '@recourse/protocol/review';
import { changeInspection } from './inspection-store.ts';

export interface AppealRow extends Selectable<AppealsTable> {
  id: Id<'apl'>;
  sanction: Id<'snc'>;
  reopens: Id<'apl'> | null;
  /** No relief will be due, and no job has written so yet */
  relief_spared: boolean;
  /** How many of its reviewers worked for a platform that was told */
  told_reviewers: number;
  /** How many of its reviewers decided about the record before */
  reviewers_again: number;
}

export type AppealState = AppealRecord['state'];

export async function insertAppeal(
  db: Db,
  row: Omit<Insertable<AppealsTable>, 'proven'> & { readonly together: boolean },
): Promise<AppealRow> {
  const { id, sanction, claimant = null, opened_at: at } = row;
  const proven = sql<boolean>`has_proven(${claimant}, ${at})`;
  const inserted = await db
    .with('review', (cte) => cte.insertInto('reviews').values({ id, sanction }))
    .with('about', (cte) =>
      cte
        .insertInto('appeal_proofs')
        .columns(['appeal', 'sanction', 'proof'])
        .expression((from) =>
          from
            .selectFrom('sanctions')
            .select([from.val(id).as('appeal'), 'id', 'proof'])
            .where('id', '=', sanction)
            .where('proof', 'is not', null)
            .$narrowType<{ proof: string }>(),
        ),
    )
    .insertInto('appeals')
    .values({ ...row, proven })
    .returningAll()
    .$castTo<Omit<AppealRow, 'relief_spared' | 'told_reviewers' | 'reviewers_again'>>()
    .executeTakeFirstOrThrow();
  return { ...inserted, relief_spared: row.together, told_reviewers: 0, reviewers_again: 0 };
}

/** Appeals with what is said of their relief and their reviewers; conditions are about `a`. */
const appealRows = (db: Db) =>
  db
    .selectFrom('appeals as a')
    .selectAll('a')
    .select(sql.raw<boolean>(reliefSpared).as('relief_spared'))
    .select(sql.raw<number>(toldReviewers).as('told_reviewers'))
    .select(sql.raw<number>(reviewersAgain).as('reviewers_again'))
    .$castTo<AppealRow>();

export const findAppeal = (db: Db, id: string): Promise<AppealRow | undefined> =>
  appealRows(db).where('a.id', '=', id).executeTakeFirst();

/** The appeals of a sanction, the oldest first. */
export const appealsQuery = (db: Db, sanction: string) =>
  appealRows(db).where('a.sanction', '=', sanction).orderBy('a.id');

export const appealsOf = (db: Db, sanction: string): Promise<AppealRow[]> =>
  appealsQuery(db, sanction).execute();

/** Appeals against the sanctions of a platform, the newest first, before an id where one is given. */
export function listAppeals(
  db: Db,
  query: { party: string; before?: string | undefined; limit: number; open?: boolean | undefined },
): Promise<AppealRow[]> {
  const { before, open } = query;
  return appealRows(db)
    .innerJoin('sanctions as s', 's.id', 'a.sanction')
    .where('s.party', '=', query.party)
    .$if(before !== undefined, (query) => query.where('a.id', '<', before!))
    .$if(open !== undefined, (query) => query.where('a.closed_at', open ? 'is' : 'is not', null))
    .orderBy('a.id', 'desc')
    .limit(query.limit)
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

/**
 * The first of those appeals that stand together on the evidence of a record; none where no other is open on it. Who opens
 * or joins one looks after whoever came before: of two at once neither would know of the other.
 */
export async function firstBeside(
  db: Db,
  { sanction, now }: { sanction: string; now: Date },
): Promise<string | undefined> {
  const [, rows] = await pipelined(db, [
    sql`select lock_evidence(proof) from sanctions where id = ${sanction} and proof is not null`.compile(
      db,
    ),
    sql<{ first: string }>`
      select coalesce(a.beside, a.id) as first
      from open_on_same_evidence(${sanction}, ${now}) as one(id) join appeals a on a.id = one.id limit 1`.compile(
      db,
    ),
  ]);
  return rows[0]?.first;
}

/** Changes what a join makes of an open appeal; its other deadlines stay. */
export async function speedUp(
  db: Db,
  appeal: string,
  values: Pick<
    Updateable<AppealsTable>,
    | 'bound'
    | 'reason_told'
    | 'keeps_until'
    | 'reviewers'
    | 'speech'
    | 'together'
    | 'relief_due_at'
    | 'assignment_due_at'
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

/** The columns that an appeal and an inspection have in common. */
export interface ReviewRow {
  readonly id: ReviewId;
  readonly sanction: Id<'snc'>;
  readonly kind: ReviewKind;
  readonly evidence_due_at: Date | null;
  /** When it is reversed because its evidence is not there */
  readonly evidence_lapses_at: Date | null;
  readonly evidence_confirmed_at: Date | null;
  readonly closed_at: Date | null;
}

/** Where the kinds differ, see `reviewRules`. */
export const ruleOf = (review: string): (typeof reviewRules)[ReviewKind] =>
  reviewRules[isId('itm', review) ? 'inspection' : 'appeal'];

export async function findReview(db: Db, id: string): Promise<ReviewRow | undefined> {
  const { rows } = await sql<ReviewRow>`
    select v.id, v.sanction, r.* from reviews v cross join lateral (
      select 'appeal' as kind, evidence_due_at, evidence_lapses_at, evidence_confirmed_at, closed_at
      from appeals where id = v.id
      union all
      select 'inspection', evidence_due_at, evidence_due_at, evidence_confirmed_at, closed_at
      from inspections where id = v.id) r
    where v.id = ${id}`.execute(db);
  return rows[0];
}

/** Changes one that is open; the caller holds its sanction FOR UPDATE. */
export function changeReview(
  db: Db,
  id: string,
  values: Partial<
    Pick<ReviewRow, 'evidence_due_at' | 'evidence_lapses_at' | 'evidence_confirmed_at'>
  >,
): Promise<void> {
  if (ruleOf(id).suspendsFirst) return changeAppeal(db, id, values);
  const { evidence_lapses_at: _, ...kept } = values;
  return changeInspection(db, id, kept);
}
