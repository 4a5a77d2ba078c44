import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { speechWindowStart, type SpeechCause } from '../parties/expression.rules.ts';
import { countedCauses, reversals } from '../parties/suspension-store.ts';

/** Those that answer for it together, and whether it stands against one of them. */
export async function groupOf(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<{ parties: string[]; isSaid: boolean }> {
  const { rows } = await sql<{ id: string; said: boolean }>`
    select g.id, not ${isUnsaid(sql`g.id`)} as said
    from group_members(${party}, ${now}, true) as g(id) order by g.id`.execute(db);
  return { parties: rows.map(({ id }) => id), isSaid: rows.some(({ said }) => said) };
}

/** Locks all of them against submissions; false where somebody has one of them. */
export async function stopAtOnce(db: Db, parties: readonly string[]): Promise<boolean> {
  const { rows } = await sql`select from parties where id = any(${[...parties]}::text[])
    order by id for update skip locked`.execute(db);
  return rows.length === parties.length;
}

/** No cause of it stands against a party. */
const isUnsaid = (party: RawBuilder<unknown>) => sql`(not exists (
  select from party_suspensions u
  where u.party = ${party} and u.lifted_at is null and u.cause in (${countedCauses})))`;

/** One party of each group that is suspended, while no row says so of any of them. */
const unwritten = (now: Date) => sql`
  with r as materialized (${reversals(now, speechWindowStart(now))})
  select p.party as id, p.due from (select party, min(at) as due from r group by party) p
  where (
    select count(*) >= 2 or bool_or(r.cause = 'authority-origin') from r
    where r.party in (select group_members(p.party, ${now}, true))
  ) and not exists (
    select from group_members(p.party, ${now}, true) as g(id) where not ${isUnsaid(sql`g.id`)})`;

/** Parties that are suspended for speech and whose rows do not say so, but for some. */
export async function findSuspendable(
  db: Db,
  { now, except, limit }: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${unwritten(now)}) u where id <> all(${[...except]}::text[])
    order by due, id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

export async function countSuspendable(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${unwritten(now)}) u`.execute(db);
  return rows[0]?.n ?? 0;
}

/** The newest of a party's cases that its suspension came with. */
export async function newestReversal(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<{ sanction: string; version: number; cause: SpeechCause } | undefined> {
  const { rows } = await sql<{ sanction: string; version: number; cause: SpeechCause }>`
    select r.sanction, r.version, r.cause from (${reversals(now, speechWindowStart(now))}) r
    where r.party = ${party} order by r.at desc, r.sanction limit 1`.execute(db);
  return rows[0];
}
