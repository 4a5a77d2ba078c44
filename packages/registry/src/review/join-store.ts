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

/** By which identifiers a claimant came; -1 by a code that the platform handed out. */
export async function waysOfClaimant(
  db: Db,
  { claimant, now }: { claimant: string; now: Date },
): Promise<number[]> {
  const { rows } = await sql<{ way: number }>`
    select way from ways_of(${claimant}, ${now}) way order by way`.execute(db);
  return rows.map(({ way }) => way);
}

/** The ways by which those came who had joined each closed appeal of a case, and had not withdrawn. */
export async function boundWays(db: Db, sanction: string): Promise<ReadonlyMap<string, number[]>> {
  const { rows } = await sql<{ appeal: string; ways: number[] }>`
    select a.id as appeal, array_agg(distinct came.way) as ways
    from appeals a join appeal_joins j on j.appeal = a.id
      and (j.withdraws_at is null or j.withdraws_at > a.closed_at),
    lateral ways_of(j.claimant, a.closed_at) as came(way)
    where a.sanction = ${sanction} group by a.id`.execute(db);
  return new Map(rows.map(({ appeal, ways }) => [appeal, ways]));
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
    select way, slot from ways_of(${claimant}, ${now}) way, generate_series(0, ${most - 1}) slot
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
