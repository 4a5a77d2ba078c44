import { claimKeyHash, toTimestamp } from '@recourse/protocol';
import { sql } from 'kysely';
import type { AppealsTable } from '../../schema/appeals.ts';
import { logged, says, type Kind, type ComparedRow } from './comparison.ts';
import { readRows } from './read-rows.ts';

/** Appeals as they were opened and as they were closed. */
export const appeals: Kind = {
  table: 'appeals',
  said: {
    'appeal-opened': ({ appeal, ground }, { sanction, at }) =>
      logged('opened', appeal, sanction, ground, at),
    'appeal-decided': ({ appeal, as, outcome, cause }) =>
      logged('closed', appeal, as, outcome, cause),
    relief: ({ appeal, until }, { at }) =>
      until === null ? logged('relief-refused', appeal, at) : [],
    // One that came of a decision that was made again is of its inspection.
    finding: ({ appeal, cause, item }) =>
      item === undefined ? logged('finding', appeal, cause) : [],
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<AppealRow>(
      db,
      sql`select a.id, a.sanction, a.ground, a.opened_at, a.closed_as, a.outcome, a.cause,
        case when a.relief_decided_as = 'refused' then a.relief_decided_at end as refused_at, exists (
          select from ends e
          where e.sanction = a.sanction and e.at = a.closed_at and e.cause = a.cause) as moot
        from appeals a where ${cases.has('a.sanction')}`,
    );
    for await (const row of rows) {
      const { id, sanction, ground, opened_at, refused_at: at } = row;
      const opened = says('opened', id, sanction, ground, toTimestamp(opened_at));
      const refused = at ? [says('relief-refused', id, toTimestamp(at))] : [];
      yield { id, keys: [opened, ...refused, ...closingOf(row)], sanction };
    }
  },
};

interface AppealRow {
  readonly id: string;
  readonly sanction: string;
  readonly ground: string;
  readonly opened_at: Date;
  readonly refused_at: Date | null;
  readonly closed_as: AppealsTable['closed_as'];
  readonly outcome: string | null;
  readonly cause: string | null;
  readonly moot: boolean;
}

/** Undelivered, conceded, or undecided with its record: no entry of its own, but the end that it brought, or the finding. */
function closingOf({ id, closed_as: as, outcome, cause, moot }: AppealRow): string[] {
  if (as === null) return [];
  const finding = says('finding', id, cause);
  if (as === 'undecided' && moot) return [];
  if (as === 'undelivered' || as === 'conceded') return moot ? [] : [finding];
  const closed = says('closed', id, as, outcome ?? undefined, cause ?? undefined);
  return outcome === 'finding' ? [closed, finding] : [closed];
}

interface AssignmentRow {
  readonly review: string;
  readonly sanction: string;
  readonly holder: string;
  readonly key: string | null;
  readonly recused: boolean;
}

/** Reviewers who took a case with a key, or gave it back; an assignment alone is in no entry. */
export const assignments: Kind = {
  table: 'assignments',
  said: {
    claim: ({ appeal, key }) => logged('assigned', appeal, key),
    recused: ({ appeal }) => logged('recused', appeal),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<AssignmentRow>(
      db,
      sql`select review, sanction, holder, sealing_kid as key,
          released_as is not distinct from 'recused' as recused
        from assignments where (sealing_kid is not null or released_as = 'recused')
            and ${cases.has('sanction')}`,
    );
    for await (const { review, sanction, holder, key, recused } of rows) {
      const taken =
        key === null ? [] : [says('assigned', review, claimKeyHash({ appeal: review, kid: key }))];
      const back = recused ? [says('recused', review)] : [];
      yield { id: `${review} ${holder}`, keys: [...taken, ...back], sanction };
    }
  },
};

/**
 * The decisions that decided appeals and inspections, as many as reviewers were asked for. One vote of two is in no entry: nobody is
 * told of it before the other one.
 */
export const decisions: Kind = {
  table: 'decisions',
  said: {
    'appeal-decided': ({ appeal, as }) => (as === 'decided' ? logged('decided', appeal) : []),
    'inspection-closed': ({ item, as }) => (as === 'decided' ? logged('decided', item) : []),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<{ review: string; sanction: string; holder: string; place: number }>(
      db,
      sql`select d.review, d.sanction, d.holder, (r.reviewers
          - row_number() over (partition by d.review order by d.at, d.holder))::int as place
        from decisions d join (
          select id, reviewers from appeals union all select id, 1 from inspections) r on r.id = d.review
        where ${cases.has('d.sanction')}`,
    );
    for await (const { review, sanction, holder, place } of rows) {
      // The last of them decided; one more than were asked for is an intruder.
      yield {
        id: `${sanction} ${holder}`,
        keys: place > 0 ? [] : [says('decided', review)],
        sanction,
      };
    }
  },
};

/** Evidence, each round of each item, and that a reviewer had it destroyed. */
export const deliveries: Kind = {
  table: 'deliveries',
  said: {
    'evidence-delivered': ({ appeal, item }) => logged('delivered', appeal, item),
    'evidence-rejected': ({ appeal, item, round, why }) =>
      logged('rejected', appeal, item, round, why),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<Round & { why: string | null }>(
      db,
      sql`select review, sanction, item, round, nullif(rejected_why, 'mismatch') as why
        from deliveries where ${cases.has('sanction')}`,
    );
    for await (const { review, sanction, item, round, why } of rows) {
      const delivered = says('delivered', review, item);
      const rejected = why === null ? [] : [says('rejected', review, item, round, why)];
      yield { id: `${review} ${item} ${round}`, keys: [delivered, ...rejected], sanction };
    }
  },
};

interface Round {
  readonly review: string;
  readonly sanction: string;
  readonly item: number;
  readonly round: number;
}

/** Evidence that was said not to fit, and what a second reviewer said. What came to nothing by itself has no entry. */
export const disputes: Kind = {
  table: 'disputes',
  said: {
    'evidence-disputed': ({ appeal, item, round }) => logged('disputed', appeal, item, round),
    'dispute-settled': ({ appeal, item, round, as }) => logged('settled', appeal, item, round, as),
  },
  rows: async function* (db, cases): AsyncGenerator<ComparedRow> {
    const rows = readRows<Round & { as: string | null }>(
      db,
      sql`select review, sanction, item, round, nullif(closed_as, 'moot') as "as" from disputes
        where ${cases.has('sanction')}`,
    );
    for await (const { review, sanction, item, round, as } of rows) {
      const disputed = says('disputed', review, item, round);
      const settled = as === null ? [] : [says('settled', review, item, round, as)];
      yield { id: `${review} ${item} ${round}`, keys: [disputed, ...settled], sanction };
    }
  },
};
