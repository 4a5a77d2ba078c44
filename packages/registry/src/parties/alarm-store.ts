import type { Selectable } from 'kysely';
import type { AlarmsTable, Db } from '../database.ts';

/** A place in the list of alarms. */
export type AlarmPlace = Pick<Selectable<AlarmsTable>, 'at' | 'id'>;

export const newestAlarms = (
  db: Db,
  of: { before: AlarmPlace | undefined; limit: number },
): Promise<Selectable<AlarmsTable>[]> => {
  const { before } = of;
  return db
    .selectFrom('alarms')
    .selectAll()
    .$if(before !== undefined, (query) =>
      query.where((eb) => eb(eb.refTuple('at', 'id'), '<', eb.tuple(before!.at, before!.id))),
    )
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(of.limit)
    .execute();
};
