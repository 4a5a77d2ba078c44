import {
  isId,
  toTimestamp,
  type Id,
  type OpInput,
  type OpOutput,
  type Outcome,
  type Purpose,
  type RecallAction,
  type RecallRecord,
} from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { CallContext } from '../../context/context.ts';
import type { Db } from '../../kernel/database.ts';
import { invalid } from '../../kernel/refusal.ts';
import type { RecallsTable } from '../../kernel/tables/checks.ts';

const pageSize = 50;

/** Own recalls with the times the platform was told, by which it finds who is concerned. Ids sort by time of issue. */
export async function listRecalls(
  ctx: CallContext,
  { cursor, limit = pageSize, all = false }: OpInput<'recalls.list'>,
): Promise<OpOutput<'recalls.list'>> {
  if (cursor !== undefined && !isId('rcl', cursor)) throw invalid('cursor', 'unknown');
  const { party } = ctx.caller;
  const rows = await listOwn(ctx.db, { party, after: cursor, limit, all });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { recalls: rows.map(toRecord), ...(last ? { next: last.id } : {}) };
}

function toRecord(row: ListedRecall): RecallRecord {
  const { acked_at: at, action, superseded_by: supersededBy } = row;
  return {
    recall: row.id,
    kind: row.kind,
    sanction: row.sanction as Id<'snc'>,
    version: row.version,
    issuedAt: toTimestamp(row.issued_at),
    dueAt: toTimestamp(row.due_at),
    told: row.told.map(toTelling),
    ...(at ? { acknowledged: { at: toTimestamp(at), ...(action ? { action } : {}) } } : {}),
    ...(supersededBy === null ? {} : { supersededBy: supersededBy as Id<'rcl'> }),
  };
}

const toTelling = ({ match, check, ref, purpose, told_at: at, outcome }: ToldMatch) => ({
  match,
  check,
  purpose,
  toldAt: toTimestamp(new Date(at)),
  ...(ref === null ? {} : { ref }),
  ...(outcome === null ? {} : { outcome }),
});

/** One match in which the platform was told of an earlier version; JSON, so its time is text. */
interface ToldMatch {
  readonly match: Id<'mat'>;
  readonly check: Id<'chk'>;
  readonly ref: string | null;
  readonly purpose: Purpose;
  readonly told_at: string;
  readonly outcome: Outcome | null;
}

interface ListedRecall extends Selectable<RecallsTable> {
  readonly id: Id<'rcl'>;
  readonly acked_at: Date | null;
  readonly action: RecallAction | null;
  readonly told: readonly ToldMatch[];
}

/** Matches of one recall in a list. */
const mostTold = 64;

/** Recalls of a platform in the order of their ids, the open ones or all, each with the oldest of its matches. */
async function listOwn(
  db: Db,
  {
    party,
    all,
    after,
    limit,
  }: { party: string; after: string | undefined; limit: number; all: boolean },
): Promise<ListedRecall[]> {
  return db
    .selectFrom('recalls as r')
    .leftJoin('acknowledgements as a', 'a.recall', 'r.id')
    .selectAll('r')
    .select(['a.at as acked_at', 'a.action'])
    .select(told.as('told'))
    .where('r.party', '=', party)
    .$if(!all, (query) =>
      query.where('r.acknowledgement', 'is', null).where('r.superseded_by', 'is', null),
    )
    .$if(after !== undefined, (query) => query.where('r.id', '>', after!))
    .orderBy('r.id')
    .limit(limit)
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
