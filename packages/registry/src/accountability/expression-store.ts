import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../database.ts';
import { emit } from '../events/emit.ts';
import type { Acting } from '../sanctions/transition.ts';
import {
  speechCauses,
  speechSuspension,
  speechWindowStart,
  type SpeechCause,
  type SpeechReversal,
} from './expression.rules.ts';
import { openReexaminations } from './inspection-opening.ts';
import { suspendParty } from './suspending.ts';

/** Why a submitter is suspended for what it recorded of speech, if it is, whether or not its row says so. */
export async function speechSuspensionOf(
  db: Db,
  of: { party: string; now: Date },
): Promise<SpeechCause | undefined> {
  return speechSuspension(await reversalsOf(db, of), of.now);
}

/** What counts: literals, since an index holds these alone, and no parameter is known to be one of them. */
const reversals = (now: Date) => sql`
  select s.party, s.id as sanction, s.version, a.cause, a.closed_at as at
  from appeals a join sanctions s on s.id = a.sanction
  where a.cause in (${literals(speechCauses)}) and a.closed_as = 'decided'
    and a.closed_at > ${speechWindowStart(now)} and not is_overturned(a.id, ${now})
  union all
  select s.party, s.id, s.version, 'expression', a.closed_at
  from appeals a join sanctions s on s.id = a.sanction
  where a.closed_as = 'conceded' and a.speech
    and a.closed_at > ${speechWindowStart(now)}`;

const literals = (words: readonly string[]) => sql.join(words.map((word) => sql.lit(word)));

async function reversalsOf(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<SpeechReversal[]> {
  const { rows } = await sql<SpeechReversal>`
    select r.cause, r.at from (${reversals(now)}) r
    where r.party in (select group_members(${party}, ${now}, true))`.execute(db);
  return rows;
}

/**
 * Writes the suspension down in the transaction of the appeal that brings it, and has the records of the group examined
 * again. The sanction is locked already, and parties are locked before sanctions elsewhere: a group of which somebody
 * else has a party is not waited for, and the alarm clock writes it. It refuses submissions all the same.
 * @returns whether it was written now
 */
export async function suspendForSpeech(acting: Acting, party: string): Promise<boolean> {
  const { db, now } = acting;
  const why = await speechSuspensionOf(db, { party, now });
  if (why === undefined) return false;
  const members = await groupOf(db, { party, now });
  if (members.isSaid || !(await stopAtOnce(db, members.parties))) return false;
  let records = 0;
  for (const member of members.parties)
    records += await openReexaminations(acting, { party: member, since: now });
  await suspendParty(acting, { party, cause: why, since: now }, { records });
  await tellParty(acting, party);
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
async function tellParty(acting: Acting, party: string): Promise<void> {
  const { rows } = await sql<{ sanction: string; version: number; cause: SpeechCause }>`
    select r.sanction, r.version, r.cause from (${reversals(acting.now)}) r
    where r.party = ${party} order by r.at desc, r.sanction limit 1`.execute(acting.db);
  const [newest] = rows;
  if (!newest) return;
  const { sanction, version, cause } = newest;
  await emit(acting, { party, sanction, type: 'party-suspended', body: { version, cause } });
}

/** No cause of it stands against a party. */
const isUnsaid = (party: RawBuilder<unknown>) => sql`(not exists (
  select from party_suspensions u
  where u.party = ${party} and u.lifted_at is null and u.cause in (${literals(speechCauses)})))`;

/** One party of each group that is suspended, while no row says so of any of them. */
const unwritten = (now: Date) => sql`
  with r as materialized (${reversals(now)})
  select p.party as id, p.due from (select party, min(at) as due from r group by party) p
  where (
    select count(*) >= 2 or bool_or(r.cause = 'authority-origin') from r
    where r.party in (select group_members(p.party, ${now}, true))
  ) and not exists (
    select from group_members(p.party, ${now}, true) as g(id) where not ${isUnsaid(sql`g.id`)})`;

/** Parties that are suspended for speech and whose rows do not say so, but for some. */
export async function findSuspendable(
  db: Db,
  of: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (${unwritten(of.now)}) u where id <> all(${[...of.except]}::text[])
    order by due, id limit ${of.limit}`.execute(db);
  return rows.map(({ id }) => id);
}

export async function countSuspendable(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${unwritten(now)}) u`.execute(db);
  return rows[0]?.n ?? 0;
}
