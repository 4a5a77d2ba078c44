import { sql, type Selectable } from 'kysely';
import type { Db, ProposalsTable } from '../database.ts';

export interface ReviewerRow {
  readonly id: string;
  readonly term_until: Date | null;
  /** JSON: `until` is text */
  readonly affiliations: readonly { readonly party: string; readonly until: string | null }[];
}

/** Reviewers who were not removed and whose term, if any, runs. */
export const sittingReviewers = (db: Db, now: Date): Promise<ReviewerRow[]> =>
  db
    .selectFrom('holders as h')
    .select(['h.id', 'h.term_until'])
    .select(
      sql<ReviewerRow['affiliations']>`(
        select coalesce(jsonb_agg(jsonb_build_object('party', a.party, 'until', a.until)
          order by a.party), '[]')
        from affiliations a where a.holder = h.id)`.as('affiliations'),
    )
    .where('h.party', '=', 'panel')
    .where('h.removed_at', 'is', null)
    .where((eb) => eb.or([eb('h.term_until', 'is', null), eb('h.term_until', '>', now)]))
    .orderBy('h.id')
    .execute();

/** The public document holds this many; the ledger holds all of them. */
const mostActs = 200;

export const newestActs = (db: Db): Promise<Selectable<ProposalsTable>[]> =>
  db
    .selectFrom('proposals')
    .selectAll()
    .orderBy('proposed_at', 'desc')
    .orderBy('id')
    .limit(mostActs)
    .execute();
