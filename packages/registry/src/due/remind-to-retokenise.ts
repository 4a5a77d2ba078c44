import { toNumericDate } from '@recourse/protocol';
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../database.ts';
import { emit } from '../events/emit.ts';
import type { Acting } from '../sanctions/transition.ts';
import type { DueKind } from './due-kind.ts';

/** Before the older epoch closes, of the fourteen that both are live. */
const lastCallDays = 5;

/**
 * Platforms with live records that lack tokens of the newer epoch, each with one of them, that were not told so: when
 * both epochs are live, and once more before the older one closes and takes those records with it.
 */
const untold = (now: Date): RawBuilder<unknown> => sql`
  select s.party, min(s.id) as sanction, z.before_closes_at as due_at
  from rotations z join sanctions s on s.epoch = z.epoch - 1
  where z.opens_at <= ${now} and z.before_closes_at > ${now}
    and s.submitted_at is not null and not s.end_recorded
    and exists (select from subjects u
      where u.sanction = s.id and u.epoch = s.epoch and u.detached_at is null)
    and not exists (select from events e
      where e.party = s.party and e.type = 'retokenise-reminder' and e.at >= case
        when ${now} >= z.before_closes_at - make_interval(days => ${lastCallDays})
        then z.before_closes_at - make_interval(days => ${lastCallDays}) else z.opens_at end)
  group by s.party, z.before_closes_at`;

interface Untold {
  readonly party: string;
  readonly sanction: string;
  readonly due_at: Date;
}

/** Tells a platform, once whatever the number of servers: its row is held meanwhile. */
async function remind({ db, now, ...acting }: Acting, party: string): Promise<number> {
  const { rows: held } = await sql`
    select from parties where id = ${party} for no key update skip locked`.execute(db);
  if (held.length === 0) return 0;
  const { rows } = await sql<Untold & { version: number }>`
    select o.*, s.version from (${untold(now)}) o join sanctions s on s.id = o.sanction
    where o.party = ${party}`.execute(db);
  for (const { sanction, version, due_at } of rows) {
    const body = { version, dueAt: toNumericDate(due_at) };
    await emit({ ...acting, db, now }, { party, sanction, type: 'retokenise-reminder', body });
  }
  return rows.length;
}

async function count(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${untold(now)}) o`.execute(db);
  return rows[0]?.n ?? 0;
}

/** By platform. */
export const untokenised: DueKind = {
  find: async (db, { now, limit, except }) => {
    const { rows } = await sql<Untold>`
      select * from (${untold(now)}) o where o.party <> all(${[...except]}::text[])
      order by due_at, party limit ${limit}`.execute(db);
    return rows.map(({ party }) => party);
  },
  settle: (acting, { id }) => remind(acting, id),
  count,
};
