import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { emit } from '../told/events/emit.ts';
import type { TransitionContext } from '../records/transition-context.ts';
import { speechWindowStart, type SpeechCause } from '../parties/expression.rules.ts';
import { openReexaminations } from '../review/inspection-opening.ts';
import {
  suspendParty,
  reversals,
  speechSuspensionOf,
  countedCauses,
} from '../parties/suspending.ts';

/**
 * Writes the suspension down in the transaction of the appeal that brings it, and has the records of the group examined
 * again. The sanction is locked already, and parties are locked before sanctions elsewhere: a group of which somebody
 * else has a party is not waited for, and the scheduler writes it. It refuses submissions all the same.
 * @returns whether it was written now
 */
export async function suspendForSpeech(ctx: TransitionContext, party: string): Promise<boolean> {
  const { db, now } = ctx;
  const why = await speechSuspensionOf(db, { party, now });
  if (why === undefined) return false;
  const members = await groupOf(db, { party, now });
  if (members.isSaid || !(await stopAtOnce(db, members.parties))) return false;
  let records = 0;
  for (const member of members.parties)
    records += await openReexaminations(ctx, { party: member, since: now });
  await suspendParty(ctx, { party, cause: why, since: now }, { records });
  await tellParty(ctx, party);
  return true;
}

/** Those that answer for it together, and whether it stands against one of them. */
async function groupOf(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<{ parties: string[]; isSaid: boolean }> {
  const { rows } = await sql<{ id: string; said: boolean }>`
    select g.id, not ${isUnsaid(sql`g.id`)} as said
    from group_members(${party}, ${now}, true) as g(id) order by g.id`.execute(db);
  return { parties: rows.map(({ id }) => id), isSaid: rows.some(({ said }) => said) };
}

/** Locks all of them against submissions; false where somebody has one of them. */
async function stopAtOnce(db: Db, parties: readonly string[]): Promise<boolean> {
  const { rows } = await sql`select from parties where id = any(${[...parties]}::text[])
    order by id for update skip locked`.execute(db);
  return rows.length === parties.length;
}

/** Of the newest of its cases that the suspension came with. */
async function tellParty(ctx: TransitionContext, party: string): Promise<void> {
  const { rows } = await sql<{ sanction: string; version: number; cause: SpeechCause }>`
    select r.sanction, r.version, r.cause from (${reversals(ctx.now, speechWindowStart(ctx.now))}) r
    where r.party = ${party} order by r.at desc, r.sanction limit 1`.execute(ctx.db);
  const [newest] = rows;
  if (!newest) return;
  const { sanction, version, cause } = newest;
  await emit(ctx, { party, sanction, type: 'party-suspended', body: { version, cause } });
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
