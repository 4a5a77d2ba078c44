import type { AlarmExplanation } from '@recourse/protocol';
import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { AlarmsTable } from '../schema/checks.ts';

export type AlarmRow = Selectable<AlarmsTable>;

/** A place in the list of alarms. */
export type AlarmPlace = Pick<AlarmRow, 'at' | 'id'>;

export const newestAlarms = (
  db: Db,
  { before, limit }: { before: AlarmPlace | undefined; limit: number },
): Promise<AlarmRow[]> => {
  return db
    .selectFrom('alarms')
    .selectAll()
    .$if(before !== undefined, (query) =>
      query.where((eb) => eb(eb.refTuple('at', 'id'), '<', eb.tuple(before!.at, before!.id))),
    )
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
};

export async function insertAlarm(db: Db, alarm: Insertable<AlarmsTable>): Promise<void> {
  await db.insertInto('alarms').values(alarm).execute();
}

/** Reads the alarms that stopped the checks of a platform and are not explained yet, the oldest first. */
export const openAlarmsOf = (db: Db, party: string): Promise<AlarmRow[]> =>
  db
    .selectFrom('alarms')
    .selectAll()
    .where('party', '=', party)
    .where('explained_at', 'is', null)
    .orderBy('at')
    .execute();

export async function explainAlarms(
  db: Db,
  { explained, at, party }: { party: string; explained: AlarmExplanation; at: Date },
): Promise<void> {
  await db
    .updateTable('alarms')
    .set({ explained, explained_at: at })
    .where('party', '=', party)
    .where('explained_at', 'is', null)
    .execute();
}
