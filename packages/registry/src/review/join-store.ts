import { mostDrawn, mostInformation, type AppealGround } from '@recourse/protocol';
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { AppealJoinsTable } from '../schema/appeals.ts';

export type JoinRow = Selectable<AppealJoinsTable>;

/** The length of a lot. */
export const lotBytes = 16;

type Withdrawal = Pick<JoinRow, 'withdrawal_at' | 'withdraws_at' | 'withdrawal'>;

export const notWithdrawn: Withdrawal = {
  withdrawal_at: null,
  withdraws_at: null,
  withdrawal: null,
};

/** @param of `lot` 16 random bytes; `opens` whether they open the appeal, and so are read */
export async function insertJoin(
  db: Db,
  { lot, opens }: { lot: Uint8Array; opens: boolean },
  join: Omit<Insertable<AppealJoinsTable>, keyof Withdrawal | 'number'>,
): Promise<void> {
  const { appeal, claimant, sanction, at } = join;
  const number = sql<number>`coalesce(
    (select number from appeal_joins where appeal = ${appeal} and claimant = ${claimant} limit 1),
    (select coalesce(max(number), 0) + 1 from appeal_joins where appeal = ${appeal}))`;
  await db
    .insertInto('appeal_joins')
    .values({ ...join, number, ...notWithdrawn })
    .execute();
  // Who proved an identifier is read. While fewer came by a way than are drawn, so is whoever joins once a reviewer can.
  await sql`
    insert into appeal_lots (appeal, sanction, claimant, way, lot, read_at)
    select ${appeal}, ${sanction}, ${claimant}, w.way, ${lot}, case when ${opens} or (
      exists (select from assignments c where c.review = ${appeal} and c.keyed_at is not null) and (
        select count(*) from (select from appeal_lots l where l.appeal = ${appeal} and l.way = w.way
          limit ${mostDrawn}) few) < ${mostDrawn}) then ${at}::timestamptz end
    from (
      select distinct w.way || coalesce(':' || w.position, '') as way, bool_or(w.proves) over () as proven
      from claimants c join claimant_ways w on w.claimant in (c.id, c.acts_for) where c.id = ${claimant}
    ) w where not w.proven on conflict (appeal, claimant, way) do nothing`.execute(db);
}

/** Whom a reviewer of an appeal reads, each with a number, in the order in which they came. */
export async function claimantsOf(db: Db, appeal: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ claimant: string; number: number }>`
    select j.claimant, min(j.number) as number from appeal_joins j
    where j.appeal = ${appeal} and j.claimant in (select read_in(${appeal}))
    group by j.claimant order by 2`.execute(db);
  return new Map(rows.map(({ claimant, number }) => [claimant, number]));
}

/** How many appeal together. */
export async function countClaimants(db: Db, appeal: string): Promise<number> {
  const { rows } = await sql<{ n: number | null }>`
    select max(number) as n from appeal_joins where appeal = ${appeal}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** On which grounds some claimants appeal, the first first. */
export const joinsOf = (
  db: Db,
  { appeal, claimants }: { appeal: string; claimants: Iterable<string> },
): Promise<JoinRow[]> =>
  db
    .selectFrom('appeal_joins')
    .selectAll()
    .where('appeal', '=', appeal)
    .where('claimant', '=', sql<string>`any(${[...claimants]}::text[])`)
    .orderBy('at')
    .orderBy('claimant')
    .orderBy('ground')
    .execute();

/** Whoever gives an appeal up, everybody on the case reads of it: the first fifty. */
export const withdrawalsIn = (db: Db, appeal: string): Promise<JoinRow[]> =>
  db
    .selectFrom('appeal_joins')
    .selectAll()
    .where('appeal', '=', appeal)
    .where('withdraws_at', 'is not', null)
    .orderBy('withdraws_at')
    .orderBy('claimant')
    .limit(mostWithdrawals)
    .execute();

const mostWithdrawals = 50;

/**
 * When the last of all who appeal together withdrew, and for who signed so long after; none where somebody stays.
 * @param hours for whoever signed
 */
export async function lastWithdrawal(
  db: Db,
  { appeal, hours }: { appeal: string; hours: number },
): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(j.withdraws_at + case when j.withdrawal is not null then make_interval(hours => ${hours}::int)
      else interval '0' end) as at
    from appeal_joins j where j.appeal = ${appeal} and not exists (
      select from appeal_joins k where k.appeal = ${appeal} and k.withdraws_at is null)`.execute(
    db,
  );
  return rows[0]?.at ?? null;
}

/** True where anybody appealed on the ground `expression`. */
export async function isAppealedAsSpeech(
  db: Db,
  { id, ground }: { id: string; ground: AppealGround },
): Promise<boolean> {
  if (ground === 'expression') return true;
  const row = await db
    .selectFrom('appeal_joins')
    .select('at')
    .where('appeal', '=', id)
    .where('ground', '=', 'expression')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Reads what one claimant opened or joined of a case. */
export const joinedIn = (
  db: Db,
  { sanction, claimant }: { sanction: string; claimant: string },
): Promise<JoinRow[]> =>
  db
    .selectFrom('appeal_joins')
    .selectAll()
    .where('sanction', '=', sanction)
    .where('claimant', '=', claimant)
    .orderBy('at')
    .orderBy('ground')
    .execute();

/** Withdraws all that a claimant joined of an appeal, or carries it on. */
export async function setJoinWithdrawal(
  db: Db,
  { withdrawal, appeal, claimant }: { appeal: string; claimant: string; withdrawal: Withdrawal },
): Promise<void> {
  await db
    .updateTable('appeal_joins')
    .set(withdrawal)
    .where('appeal', '=', appeal)
    .where('claimant', '=', claimant)
    .execute();
}

/** Reads the ways by which a claimant came: see `ways_of`. */
export async function waysOfClaimant(
  db: Db,
  { claimant, now }: { claimant: string; now: Date },
): Promise<string[]> {
  const { rows } = await sql<{ way: string }>`
    select way from ways_of(${claimant}, ${now}) way order by way`.execute(db);
  return rows.map(({ way }) => way);
}

interface WaysOfAppeal {
  readonly appeal: string;
  readonly ways: string[];
  readonly joined: string[];
}

/** Reads for each appeal of a case which of some ways it binds, and which had joined it: however many others had. */
export async function waysIn(
  db: Db,
  { sanction, ways }: { sanction: string; ways: readonly string[] },
): Promise<ReadonlyMap<string, WaysOfAppeal>> {
  const all = sql`unnest(${[...ways]}::text[]) as w`;
  const { rows } = await sql<WaysOfAppeal>`
    select a.id as appeal, array (select w from ${all} where is_bound(a.id, w)) as ways,
      array (select w from ${all} where has_joined(a.id, w)) as joined
    from appeals a where a.sanction = ${sanction}`.execute(db);
  return new Map(rows.map((row) => [row.appeal, row]));
}

/** Until when each way kept a record held at first; null where it never did. */
export async function keptBy(
  db: Db,
  { sanction, ways }: { sanction: string; ways: readonly string[] },
): Promise<(Date | null)[]> {
  const { rows } = await sql<{ until: Date | null }>`
    select (select min(j.keeps_until) from came_by(${sanction}, w) k
      join appeal_joins j on j.sanction = ${sanction} and j.claimant = k.claimant and k.since <= j.at) as until
    from unnest(${[...ways]}::text[]) w`.execute(db);
  return rows.map(({ until }) => until);
}

/** The first free place of a claimant for a text of their own; none where all are taken. */
export async function textRoom(
  db: Db,
  { appeal, claimant }: { appeal: string; claimant: string },
): Promise<number | undefined> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from case_information
    where appeal = ${appeal} and claimant = ${claimant}`.execute(db);
  const used = rows[0]?.n ?? 0;
  return used < mostInformation ? used : undefined;
}

/** How many files a claimant added to an appeal, and how many they may. */
export async function fileRoom(
  db: Db,
  { appeal, claimant }: { appeal: string; claimant: string },
): Promise<{ used: number; most: number }> {
  const { rows } = await sql<{ used: number; most: number }>`
    select file_room(${appeal}, ${claimant}) as most, (select count(*)::int from case_files
      where appeal = ${appeal} and claimant = ${claimant}) as used`.execute(db);
  return rows[0]!;
}

/** When an open appeal ends by what its claimants withdrew; never where it is null. */
export async function setWithdrawsAt(db: Db, appeal: string, at: Date | null): Promise<void> {
  await db
    .updateTable('appeals')
    .set({ withdraws_at: at })
    .where('id', '=', appeal)
    .where('closed_at', 'is', null)
    .execute();
}

/** Draws whom a reviewer reads of those who came by shared ways: at the key of an assignment, and at each question. */
export async function drawLots(
  db: Db,
  { appeal, at }: { appeal: string; at: Date },
): Promise<void> {
  await sql`select draw_lots(${appeal}, ${at})`.execute(db);
}
