import { toDay, type EventBody, type EventType, type Id } from '@recourse/protocol';
import { sql } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { EventsTable } from '../../schema/recalls.ts';
import { insertRows, type NewRow } from '../../kernel/insert-rows.ts';

/** An event as its row says, addressed to one platform. */
export interface WaitingEvent {
  readonly id: Id<'evt'>;
  readonly party: Id<'plt'>;
  readonly type: EventType;
  readonly sanction: Id<'snc'>;
  readonly body: EventBody;
  readonly at: Date;
}

export type NewEvent = NewRow<EventsTable, 'seq' | 'at' | 'acked_at'>;

/** Written in the transaction of what it tells of: a change that commits is told, one that does not is not. */
export async function insertEvents(db: Db, events: readonly NewEvent[], at: Date): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({ ...event, at }));
  await insertRows('events', rows).execute(db);
}

/** Marks own events as delivered; ids of others' events, or of none, change nothing. */
export async function ackEvents(
  db: Db,
  { ids, at, party }: { party: string; ids: readonly string[]; at: Date },
): Promise<void> {
  if (ids.length === 0) return;
  // In one order, so that two polls that acknowledge the same events do not wait for each other.
  await sql`
    update events set acked_at = ${at}
    where id in (
      select id from events where id = any(${[...ids]}) and party = ${party} and acked_at is null
      order by seq for update
    )`.execute(db);
}

/** Reads the events that wait for a platform, in the order in which it was written. */
export const waitingEvents = (
  db: Db,
  { party, limit }: { party: string; limit: number },
): Promise<WaitingEvent[]> =>
  db
    .selectFrom('events')
    .select(['id', 'party', 'type', 'sanction', 'body', 'at'])
    .where('party', '=', party)
    .where('acked_at', 'is', null)
    .orderBy('seq')
    .limit(limit)
    .$castTo<WaitingEvent>()
    .execute();

/** Counts events that a platform could not take, by day: never what it says about them. */
export async function addRefusals(
  db: Db,
  { at, party, n }: { party: string; n: number; at: Date },
): Promise<void> {
  const day = toDay(at);
  await db
    .insertInto('refusals')
    .values({ party, day, code: 'event-not-taken', detail: '', n })
    .onConflict((conflict) =>
      conflict
        .columns(['party', 'day', 'code', 'detail'])
        .doUpdateSet({ n: sql<number>`refusals.n + ${n}` }),
    )
    .execute();
}
