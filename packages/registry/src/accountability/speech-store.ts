import { confirmedCauses } from '@recourse/protocol';
import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { speechSince, type SpeechQuestion, type SpeechReversal } from './speech.rules.ts';

interface CountedReversal extends SpeechReversal {
  readonly party: string;
  readonly sanction: string;
  readonly version: number;
}

/** As literals, since an index holds these alone, and no parameter is known to be one of them. */
const causes = sql.join(confirmedCauses.map((cause) => sql.lit(cause)));

/** The reversals that count at an instant: both of two named the cause, the second confirmed it, or it was conceded. */
const reversals = (now: Date) => sql<CountedReversal>`
  select s.party, s.id as sanction, s.version, a.cause, a.closed_at as at
  from appeals a join sanctions s on s.id = a.sanction
  where a.cause in (${causes}) and a.closed_as = 'decided'
    and a.closed_at > ${speechSince(now)}
  union all
  select s.party, s.id, s.version, u.cause, u.closed_at
  from inspections u join sanctions s on s.id = u.sanction
  where u.cause is not null and u.closed_at > ${speechSince(now)}
  union all
  select s.party, s.id, s.version, 'expression', a.closed_at
  from appeals a join sanctions s on s.id = a.sanction
  where a.closed_as = 'conceded' and a.speech and a.closed_at > ${speechSince(now)}`;

/** Platforms with such a reversal. */
export async function partiesOfSpeech(db: Db, now: Date): Promise<string[]> {
  const { rows } = await sql<{ party: string }>`
    select distinct r.party from (${reversals(now)}) r order by r.party`.execute(db);
  return rows.map(({ party }) => party);
}

/** The reversals of a party's group, the newest first, and what reviewers were asked about it. */
export async function speechOf(
  db: Db,
  { party, now }: { party: string; now: Date },
): Promise<{ reversals: CountedReversal[]; asked: SpeechQuestion }> {
  const { rows } = await sql<CountedReversal>`
    select r.* from (${reversals(now)}) r
    where r.party in (select group_members(${party}, ${now}))
    order by r.at desc, r.sanction`.execute(db);
  const never = { askedAt: null, isAsked: false, isSuspended: false };
  if (rows.length === 0) return { reversals: [], asked: never };
  const { rows: questions } = await sql<SpeechQuestion>`
    select max(i.opened_at) as "askedAt",
      coalesce(bool_or(i.closed_at is null and i.due_at > ${now}), false) as "isAsked",
      coalesce(bool_or(u.item is not null and u.lifted_at is null), false) as "isSuspended"
    from panel_items i left join party_suspensions u on u.item = i.id
    where i.kind = 'speech' and i.party in (select group_members(${party}, ${now}))`.execute(db);
  const [asked = never] = questions;
  return { reversals: rows, asked };
}
