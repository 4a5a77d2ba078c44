import { sql, type Insertable } from 'kysely';
import type { AlarmsTable, Db } from '../database.ts';

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

export async function insertAlarm(db: Db, alarm: Insertable<AlarmsTable>): Promise<void> {
  await db.insertInto('alarms').values(alarm).execute();
}
