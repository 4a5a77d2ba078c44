import type { Id, Outcome, RecallAction, ToldPurpose } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { RecallsTable } from '../../schema/recalls.ts';
import { insertRows, type NewRow } from '../../kernel/insert-rows.ts';

/** The platforms that were told of each sanction; with `by`, those told until then, and whoever was told to pause. */
export async function toldPlatforms(
  db: Db,
  sanctions: readonly string[],
  by?: Date,
): Promise<Map<string, string[]>> {
  const told = new Map<string, string[]>();
  if (sanctions.length === 0) return told;
  const rows = await db
    .selectFrom('disclosures')
    .select(['sanction', 'party'])
    .distinct()
    .where('sanction', 'in', sanctions)
    .$if(by !== undefined, (query) =>
      query.where((where) => where.or([where('at', '<=', by!), isPaused])),
    )
    .orderBy('party')
    .execute();
  for (const { sanction, party } of rows)
    told.set(sanction, [...(told.get(sanction) ?? []), party]);
  return told;
}

/** How many platforms had been told of each sanction before an instant, but for some. */
export async function countTold(
  db: Db,
  sanctions: readonly string[],
  { before, except }: { before: Date; except?: readonly string[] },
): Promise<ReadonlyMap<string, number>> {
  if (sanctions.length === 0) return new Map();
  const { rows } = await toldCounts(sanctions, { before, except }).execute(db);
  return new Map(rows.map(({ sanction, n }) => [sanction, n]));
}

/** No row for a record of which nobody was told. */
export const toldCounts = (
  sanctions: readonly string[],
  { before, except = [] }: { before: Date; except?: readonly string[] | undefined },
) => sql<{ sanction: string; n: number }>`
  select sanction, count(distinct party)::int as n from disclosures
  where sanction = any(${[...sanctions]}::text[]) and at < ${before}
    and party <> all(${[...except]}::text[]) group by sanction`;

const isPaused = sql<boolean>`exists (
  select from recalls r where r.sanction = disclosures.sanction and r.party = disclosures.party
    and r.kind = 'pause' and r.superseded_by is null)`;

export type NewRecall = NewRow<RecallsTable, 'acknowledgement' | 'superseded_by' | 'overdue_at'>;

/** Writes recalls of one change in one statement; each takes the place of its platform's open one of that sanction. */
export async function insertRecalls(db: Db, recalls: readonly NewRecall[]): Promise<void> {
  if (recalls.length === 0) return;
  await insertRows('recalls', recalls).execute(db);
  const [{ sanction, version }] = recalls as [NewRecall];
  // From the old ones, of which there mostly are none: joined from the new ones, each would look at all.
  await sql`
    update recalls o set superseded_by = (
      select n.id from recalls n
      where n.sanction = o.sanction and n.version = ${version} and n.party = o.party)
    where o.sanction = ${sanction} and o.version < ${version}
      and o.acknowledgement is null and o.superseded_by is null`.execute(db);
}

/** Recalls of every version of a sanction; one that another took the place of counts with it. */
export const recallCounts = (sanction: string) => sql<{ issued: number; acknowledged: number }>`
  select count(*)::int as issued, count(acknowledgement)::int as acknowledged
  from recalls where sanction = ${sanction}`;

/** One match in which the platform was told of an earlier version; JSON, so its time is text. */
export interface ToldMatch {
  readonly match: Id<'mat'>;
  readonly check: Id<'chk'>;
  readonly ref: string | null;
  readonly purpose: ToldPurpose;
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
    .select(toldMatches.as('told'))
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

const toldMatches = sql<ToldMatch[]>`(
  select coalesce(jsonb_agg(to_jsonb(m) order by m.told_at, m.match), '[]') from (
    select id as match, check_id as "check", ref, purpose, told_at, outcome from matches
    where sanction = r.sanction and party = r.party and version < r.version
    order by told_at, id limit ${sql.lit(mostTold)}
  ) m
)`;
