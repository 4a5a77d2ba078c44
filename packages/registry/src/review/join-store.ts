import type { AppealGround } from '@recourse/protocol';
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { AppealJoinsTable } from '../schema/appeals.ts';

export type JoinRow = Selectable<AppealJoinsTable>;

type Withdrawal = Pick<JoinRow, 'withdrawal_at' | 'withdraws_at' | 'withdrawal'>;

export const notWithdrawn: Withdrawal = {
  withdrawal_at: null,
  withdraws_at: null,
  withdrawal: null,
};

export async function insertJoin(
  db: Db,
  join: Omit<Insertable<AppealJoinsTable>, keyof Withdrawal>,
): Promise<void> {
  await db
    .insertInto('appeal_joins')
    .values({ ...join, ...notWithdrawn })
    .execute();
}

/** Who appeals together, and on which grounds: whoever opened the appeal first. */
export const joinsOf = (db: Db, appeal: string): Promise<JoinRow[]> =>
  db
    .selectFrom('appeal_joins')
    .selectAll()
    .where('appeal', '=', appeal)
    .orderBy('at')
    .orderBy('claimant')
    .orderBy('ground')
    .execute();

/** Whether anybody appealed on the ground `expression`. */
export async function isAppealedAsSpeech(
  db: Db,
  { id, ground }: { id: string; ground: AppealGround },
): Promise<boolean> {
  if (ground === 'expression') return true;
  return (await joinsOf(db, id)).some((join) => join.ground === 'expression');
}

/** What one claimant opened or joined of a case. */
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

/** By which ways a claimant came: see `ways_of`. */
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

/** Of some ways, which each appeal of a case binds, and which had joined it: however many others had. */
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

type LimitedTable = 'appeal_joins' | 'case_information' | 'case_files' | 'case_contacts';

/**
 * A free place among what all have together who came by one way, of the first way of the claimant that has one:
 * however many they are, they cost no more.
 */
export async function roomFor(
  db: Db,
  of: { table: LimitedTable; in: string; claimant: string; most: number; now: Date },
): Promise<{ way: number; slot: number } | undefined> {
  const { table, claimant, most, now } = of;
  const column = table === 'case_contacts' ? 'sanction' : 'appeal';
  const { rows } = await sql<{ way: number; slot: number }>`
    select way, slot from (
      select distinct coalesce(w.position, -1) as way from claimants c
      join claimant_ways w on w.claimant in (c.id, c.acts_for) and w.at <= ${now} where c.id = ${claimant}
    ) way, generate_series(0, ${most - 1}) slot
    where not exists (select from ${sql.table(table)} t
      where ${sql.ref(`t.${column}`)} = ${of.in} and t.way = way.way and t.slot = slot.slot)
    order by way desc, slot limit 1`.execute(db);
  return rows[0];
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
