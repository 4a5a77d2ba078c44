import { sql } from 'kysely';
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
import { suspendParty } from './suspending.ts';

/** Why a submitter is suspended for what it recorded of speech, if it is, whether or not its row says so. */
export async function speechSuspensionOf(
  db: Db,
  of: { party: string; now: Date },
): Promise<SpeechCause | undefined> {
  return speechSuspension(await reversalsOf(db, of), of.now);
}

const reversalsOf = (db: Db, { party, now }: { party: string; now: Date }) =>
  db
    .selectFrom('appeals as a')
    .innerJoin('sanctions as s', 's.id', 'a.sanction')
    .select(['a.cause', 'a.closed_at as at'])
    .where('s.party', '=', party)
    // Literals: an index holds these causes alone, and no parameter is known to be one of them.
    .where(
      'a.cause',
      'in',
      sql<SpeechCause>`(${sql.join(speechCauses.map((cause) => sql.lit(cause)))})`,
    )
    .where('a.closed_as', '=', 'decided')
    .where('a.closed_at', '>', speechWindowStart(now))
    .$castTo<SpeechReversal>()
    .execute();

/**
 * Writes the suspension down in the transaction of the decision that brings it. The sanction is locked already, and
 * parties are locked before sanctions elsewhere: a party that somebody else has is not waited for, and the alarm
 * clock writes it. It refuses submissions all the same.
 * @returns whether it was written now
 */
export async function suspendForSpeech(acting: Acting, party: string): Promise<boolean> {
  const { db, now } = acting;
  const { rows } = await sql`select from parties p
    where p.id = ${party} and ${isUnsaid} for no key update skip locked`.execute(db);
  if (rows.length === 0) return false;
  const why = await speechSuspensionOf(db, { party, now });
  if (why === undefined) return false;
  await suspendParty(acting, { party, cause: why, since: now });
  await tellParty(acting, { party, cause: why });
  return true;
}

/** Of the case that the suspension came with. */
async function tellParty(
  acting: Acting,
  { party, cause }: { party: string; cause: SpeechCause },
): Promise<void> {
  const newest = await acting.db
    .selectFrom('appeals as a')
    .innerJoin('sanctions as s', 's.id', 'a.sanction')
    .select(['s.id', 's.version'])
    .where('s.party', '=', party)
    .where('a.cause', '=', cause)
    .where('a.closed_as', '=', 'decided')
    .orderBy('a.closed_at', 'desc')
    .orderBy('a.id')
    .limit(1)
    .executeTakeFirstOrThrow();
  const { id: sanction, version } = newest;
  await emit(acting, { party, sanction, type: 'party-suspended', body: { version, cause } });
}

/** No cause of it stands for the party `p`. */
const isUnsaid = sql`not exists (
  select from party_suspensions u
  where u.party = p.id and u.lifted_at is null and u.cause = any(${[...speechCauses]}::text[]))`;

const unwritten = (now: Date) => sql`
  select s.party as id, min(a.closed_at) as due from appeals a
  join sanctions s on s.id = a.sanction
  join parties p on p.id = s.party and ${isUnsaid}
  where a.cause = any(${[...speechCauses]}::text[]) and a.closed_as = 'decided'
    and a.closed_at > ${speechWindowStart(now)}
  group by s.party having count(*) >= 2 or bool_or(a.cause = 'authority-origin')`;

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
