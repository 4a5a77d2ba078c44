import type { Id, Outcome, Purpose, RecallAction } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { Db, RecallsTable } from '../../kernel/database.ts';

/** One match in which the platform was told of an earlier version; JSON, so its time is text. */
export interface ToldMatch {
  readonly match: Id<'mat'>;
  readonly check: Id<'chk'>;
  readonly ref: string | null;
  readonly purpose: Purpose;
  readonly told_at: string;
  readonly outcome: Outcome | null;
}

export interface ListedRecall extends Selectable<RecallsTable> {
  readonly id: Id<'rcl'>;
  readonly acked_at: Date | null;
  readonly action: RecallAction | null;
  readonly told: readonly ToldMatch[];
}

/** Matches of one recall in a list. */
const mostTold = 64;

/** Recalls of a platform in the order of their ids, the open ones or all, each with the oldest of its matches. */
export async function listOwn(
  db: Db,
  of: { party: string; after: string | undefined; limit: number; all: boolean },
): Promise<ListedRecall[]> {
  return db
    .selectFrom('recalls as r')
    .leftJoin('acknowledgements as a', 'a.recall', 'r.id')
    .selectAll('r')
    .select(['a.at as acked_at', 'a.action'])
    .select(told.as('told'))
    .where('r.party', '=', of.party)
    .$if(!of.all, (query) =>
      query.where('r.acknowledgement', 'is', null).where('r.superseded_by', 'is', null),
    )
    .$if(of.after !== undefined, (query) => query.where('r.id', '>', of.after!))
    .orderBy('r.id')
    .limit(of.limit)
    .$castTo<ListedRecall>()
    .execute();
}

const told = sql<ToldMatch[]>`(
  select coalesce(jsonb_agg(to_jsonb(m) order by m.told_at, m.match), '[]') from (
    select id as match, check_id as "check", ref, purpose, told_at, outcome from matches
    where sanction = r.sanction and party = r.party and version < r.version
    order by told_at, id limit ${sql.lit(mostTold)}
  ) m
)`;
