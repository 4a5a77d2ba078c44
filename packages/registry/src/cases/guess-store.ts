import { sql } from 'kysely';
import type { Db } from '../database.ts';

export interface Guesses {
  readonly hour: Date;
  readonly guesses: number;
  readonly at: Date;
  /** Each is raised when the count of the hour reaches its bound, under an id that is used only then */
  readonly alarms: readonly { id: string; bound: number }[];
}

/** More wrong secrets in an hour, with the alarms they raise: one statement, so that a crash parts them nowhere. */
export async function addGuesses(db: Db, of: Guesses): Promise<void> {
  await sql`
    with counted as (
      insert into guesses (hour, n) values (${of.hour}, ${of.guesses})
      on conflict (hour) do update set n = guesses.n + excluded.n returning n
    )
    insert into alarms (id, kind, counts, at)
    select a.id, 'case-guesses', jsonb_build_object('inOneHour', a.bound), ${of.at}::timestamptz
    from counted, unnest(${of.alarms.map(({ id }) => id)}::text[],
      ${of.alarms.map(({ bound }) => bound)}::int[]) as a(id, bound)
    where a.bound > counted.n - ${of.guesses}::int and a.bound <= counted.n`.execute(db);
}
