import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';

/** More wrong secrets in an hour; how many there are now. */
export async function addGuesses(
  db: Db,
  { hour, guesses }: { hour: Date; guesses: number },
): Promise<number> {
  const row = await db
    .insertInto('guesses')
    .values({ hour, n: guesses })
    .onConflict((conflict) =>
      conflict.column('hour').doUpdateSet({ n: sql<number>`guesses.n + excluded.n` }),
    )
    .returning('n')
    .executeTakeFirstOrThrow();
  return row.n;
}
