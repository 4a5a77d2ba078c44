import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../kernel/database.ts';
import {
  speechCauses,
  speechSuspension,
  speechWindowStart,
  type SpeechCause,
  type SpeechReversal,
} from './expression.rules.ts';

/** Why a submitter is suspended for what it recorded of speech, if it is, whether or not its row says so. */
export async function speechSuspensionOf(
  db: Db,
  of: { party: string; now: Date },
): Promise<SpeechCause | undefined> {
  return speechSuspension(await reversalsOf(db, of), of.now);
}

/** What counts: literals, since an index holds these alone, and no parameter is known to be one of them. */
export const reversals = (now: Date) => sql`
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

/** No cause of it stands against a party. */
export const isUnsaid = (party: RawBuilder<unknown>) => sql`(not exists (
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
