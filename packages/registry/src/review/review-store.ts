import { isId, type Id, type ReviewId } from '@recourse/protocol';
import { reviewRules, type ReviewKind } from '@recourse/protocol/review';
import { sql } from 'kysely';
import { changeInspection } from './inspection-store.ts';
import type { Db } from '../kernel/database.ts';
import { changeAppeal } from './store.ts';

/** What an appeal and an inspection have in common. */
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
    select v.id, v.sanction, v.kind, r.* from reviews v cross join lateral (
      select evidence_due_at, evidence_lapses_at, evidence_confirmed_at, closed_at
      from appeals where id = v.id
      union all
      select evidence_due_at, evidence_due_at, evidence_confirmed_at, closed_at
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
