import { sql, type CompiledQuery, type RawBuilder } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** Calls at once, on all servers, that spend of one bucket without waiting for each other. */
const parts = sql.lit(64);
/** The present one, and as many as a day has */
const hours = sql.lit(25);

const hourOf = (now: Date): number => Math.floor(now.getTime() / 3_600_000);

/** Hours since the last submission of a part `m`; a server whose clock is behind counts into that hour. */
const hoursSince = (hour: number): RawBuilder<number> =>
  sql`least(${hours}, greatest(0, ${hour}::int - m.hour))`;

/** What a part `m` of a bucket `b` may still spend. */
const unitsLeft = (hour: number): RawBuilder<number> => sql`
  b.size / ${parts} + (m.part < b.size % ${parts})::int
    - (select coalesce(sum(n), 0) from unnest(m.spent[${hoursSince(hour)} + 1:]) n)`;

/** Records that one holder may make alone in 24 h, and those of them that were made. */
export interface Bucket {
  readonly limit: number;
  readonly spent: number;
}

interface Spending {
  readonly party: string;
  readonly now: Date;
}

/** The parts `m` of a bucket `b` that have a unit left. */
const withUnits = ({ party, now }: Spending): RawBuilder<unknown> => sql`
  from (select id, submissions_per_day as size from parties
    where id = ${party} and submissions_per_day is not null) b
  join submission_parts m on m.party = b.id where ${unitsLeft(hourOf(now))} > 0`;

/**
 * Takes a unit of the bucket that operators set, until the transaction ends: nobody else spends it, on no server, and a
 * refusal gives it back. A part that another call holds is passed over. @returns a row, or none
 */
const unitSpent = (about: Spending): RawBuilder<unknown> => {
  const hour = hourOf(about.now);
  return sql`free as materialized (
      select m.part ${withUnits(about)} limit 1 for no key update of m skip locked
    )
    update submission_parts m set hour = greatest(m.hour, ${hour}::int), spent = (
      select moved[:${hours} - 1] || (moved[${hours}] + 1)
      from (select (m.spent || array_fill(0, array[${hoursSince(hour)}]))[${hoursSince(hour)} + 1:] as moved) t)
    from free where m.party = ${about.party} and m.part = free.part returning m.part`;
};

/**
 * Serialises submissions that are counted, or all of those that come at once find the same room: those of a platform in
 * probation, or without a bucket set by operators. No token has this lookup: its row stands for all of a group.
 */
const counted = ({ party, now }: Spending): RawBuilder<unknown> => sql`
  insert into submitter_subjects (group_name, lookup, submissions)
    select g.name, decode(repeat('00', 32), 'hex'), 1 from parties p, groups_of(p.id, ${now}) as g(name)
    where p.id = ${party} and (p.submissions_per_day is null or p.probation_until > ${now})
    order by 1
    on conflict (lookup, group_name) do update set submissions = submitter_subjects.submissions + 1`;

/** Locks what is counted, and takes a unit for a submission that one holder makes alone. @returns a row, or none */
export const bucketLock = (
  db: Db,
  { isAlone, ...about }: Spending & { isAlone: boolean },
): CompiledQuery<{ part: number }> =>
  (isAlone
    ? sql<{ part: number }>`with counted as (${counted(about)}), ${unitSpent(about)}`
    : sql<{ part: number }>`${counted(about)}`
  ).compile(db);

export const spendUnit = (db: Db, about: Spending): CompiledQuery<{ part: number }> =>
  sql<{ part: number }>`with ${unitSpent(about)}`.compile(db);

/**
 * Waits for a part that another call holds, since that call may be refused. The lock is of one part that had a unit when
 * this statement began: so calls that wait hold none that another of them waits for. @returns a row, or none of a bucket
 * that is empty
 */
export const awaitUnit = (db: Db, about: Spending): CompiledQuery<{ part: number }> =>
  sql<{ part: number }>`
    with one as materialized (select m.part ${withUnits(about)} limit 1)
    select m.part from one join submission_parts m on m.part = one.part and m.party = ${about.party}
    for no key update of m`.compile(db);

/** Units that are left of the bucket that operators set, whoever holds them; undefined where they set none. */
export async function unitsOf(db: Db, { party, now }: Spending): Promise<Bucket | undefined> {
  const { rows } = await sql<{ limit: number; spent: number }>`
    select b.size as "limit",
      (b.size - coalesce(sum(greatest(0, ${unitsLeft(hourOf(now))})) filter (where m.part is not null), b.size))::int as spent
    from (select id, submissions_per_day as size from parties
      where id = ${party} and submissions_per_day is not null) b
    left join submission_parts m on m.party = b.id group by b.size`.execute(db);
  return rows[0];
}

/** Adds the parts of a bucket that was never spent of. */
export const addParts = (db: Db, { party, now }: Spending): CompiledQuery =>
  sql`insert into submission_parts (party, part, hour, spent)
    select ${party}, part, ${hourOf(now)}::int, array_fill(0, array[${hours}])
    from generate_series(0, ${parts} - 1) part on conflict do nothing`.compile(db);

/** Submissions since an instant, counted no further than `most`. */
export async function countSubmissions(
  db: Db,
  { party, since, most }: { party: string; since: Date; most: number },
): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from (
    select 1 from sanctions where party = ${party} and submitted_at > ${since} limit ${most}
  ) as spent`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Submissions of each day that had any. */
export async function dailySubmissions(
  db: Db,
  { party, since }: { party: string; since: Date },
): Promise<number[]> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from sanctions
    where party = ${party} and submitted_at > ${since}
    group by date_trunc('day', submitted_at, 'UTC')`.execute(db);
  return rows.map(({ n }) => n);
}
