import type { PanelKind, PanelOutcome } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { ProposalsTable } from '../schema/parties.ts';

export interface ReviewerRow {
  readonly id: string;
  /** JSON: `until` is text */
  readonly affiliations: readonly { readonly party: string; readonly until: string | null }[];
  readonly languages: readonly string[];
  readonly opt_out: readonly string[];
}

/** Reviewers who were not removed and whose term, if any, runs. */
export const sittingReviewers = (db: Db, now: Date): Promise<ReviewerRow[]> =>
  db
    .selectFrom('holders as h')
    .select(['h.id', 'h.languages', 'h.opt_out'])
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

export interface PersonRow {
  readonly id: string;
  readonly party: string;
  readonly term_until: Date | null;
  readonly removed_at: Date | null;
  /** The statement of their first key */
  readonly statement: string;
  readonly kids: readonly string[];
  readonly countersigned_by: readonly string[];
}

/** Everybody of the operator and the panel who enrolled. */
export async function peopleRows(db: Db): Promise<PersonRow[]> {
  const { rows } = await sql<PersonRow>`
    select h.id, h.party, h.term_until, h.removed_at,
      (array_agg(k.statement order by k.position))[1] as statement,
      array_agg(k.kid order by k.position) as kids,
      array(select c.by_holder from countersignatures c where c.holder = h.id) as countersigned_by
    from holders h join keys k on k.holder = h.id
    where h.party in ('operator', 'panel') group by h.id order by h.id`.execute(db);
  return rows;
}

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

export interface VoteRow {
  readonly id: string;
  readonly kind: PanelKind;
  readonly party: string;
  readonly opened_at: Date;
  readonly due_at: Date;
  readonly closed_at: Date | null;
  readonly outcome: PanelOutcome | null;
  /** None before it closed: until then nobody reads a vote */
  readonly votes: readonly PanelOutcome[];
}

/** Questions to the panel about platforms, the newest first; those about records are entries of their cases. */
export async function newestVotes(db: Db): Promise<VoteRow[]> {
  const { rows } = await sql<VoteRow>`
    select i.id, i.kind, i.party, i.opened_at, i.due_at, i.closed_at, i.outcome,
      array(select v.outcome from panel_votes v
        where v.item = i.id and i.closed_at is not null order by v.outcome) as votes
    from panel_items i where i.sanction is null
    order by i.opened_at desc, i.id limit ${mostActs}`.execute(db);
  return rows;
}
