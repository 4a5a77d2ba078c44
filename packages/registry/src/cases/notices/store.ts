import type { DeliveryChannel, DeliveryResult } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { NoticeDeliveriesTable } from '../../schema/cases.ts';
import type { SanctionsTable } from '../../schema/sanctions.ts';

export type DeliveryRow = Selectable<NoticeDeliveriesTable>;

export const deliveriesQuery = (db: Db, sanction: string) =>
  db
    .selectFrom('notice_deliveries')
    .selectAll()
    .where('sanction', '=', sanction)
    .orderBy('position');

export const deliveriesOf = (db: Db, sanction: string): Promise<DeliveryRow[]> =>
  deliveriesQuery(db, sanction).execute();

/** Says what became of a message, as everybody reads it. */
export const stateOf = ({
  result,
  bounced_at: bouncedAt,
}: Pick<DeliveryRow, 'result' | 'bounced_at'>): DeliveryResult | 'waiting' =>
  bouncedAt ? 'bounced' : (result ?? 'waiting');

/**
 * Asks for a message. One that nobody took for 72 h may be asked for again; any other stays as it is. @returns whether
 * it waits now
 */
export async function askDelivery(
  db: Db,
  row: Pick<
    DeliveryRow,
    'sanction' | 'position' | 'channel' | 'language' | 'asked_at' | 'expires_at' | 'message'
  > & { address: Uint8Array },
): Promise<boolean> {
  const again = {
    language: row.language,
    address: row.address,
    asked_at: row.asked_at,
    expires_at: row.expires_at,
    retry_at: row.asked_at,
    message: row.message,
    tries: 0,
    result: null,
    result_at: null,
  };
  const made = await db
    .insertInto('notice_deliveries')
    .values({ ...row, ...again })
    .onConflict((conflict) =>
      conflict
        .columns(['sanction', 'position'])
        .doUpdateSet(again)
        .where('notice_deliveries.result', '=', 'unsent'),
    )
    .returning('position')
    .executeTakeFirst();
  return made !== undefined;
}

export async function insertCode(
  db: Db,
  code: { hash: string; sanction: string; position: number; made_at: Date },
): Promise<void> {
  await db.insertInto('case_codes').values(code).execute();
}

/** A message that waits to be handed in. */
export interface DueDelivery {
  readonly sanction: string;
  readonly position: number;
  readonly channel: DeliveryChannel;
  readonly language: string;
  readonly address: Uint8Array;
  readonly message: string;
}

const mostWaitMinutes = 6 * 60;

/** The first message, or the second after that came back */
const waits = sql`d.result is null or (d.again_at is not null and d.again is null)`;

/**
 * Takes one message that waits, but for some. It is taken as if it had failed, and is due again later and later: a crash in
 * between costs a second message at most. What ended is told to nobody.
 */
export async function takeDueDelivery(
  db: Db,
  query: { now: Date; channels: readonly DeliveryChannel[]; except: readonly string[] },
): Promise<DueDelivery | undefined> {
  const { rows } = await sql<DueDelivery>`
    update notice_deliveries set tries = tries + 1,
      retry_at = ${query.now}::timestamptz
        + least(2 ^ least(tries, 12), ${mostWaitMinutes}) * interval '1 minute'
    where (sanction, position) = (
      select d.sanction, d.position from notice_deliveries d
      join sanctions s on s.id = d.sanction and not s.end_recorded
      join case_keys k on k.sanction = d.sanction
      where (${waits}) and d.address is not null and d.retry_at <= ${query.now}
        and d.expires_at > ${query.now} and d.channel = any(${[...query.channels]}::text[])
        and coalesce(d.again_message, d.message) <> all(${[...query.except]}::text[])
      order by d.retry_at, d.sanction, d.position limit 1
      for update of d skip locked)
    returning sanction, position, channel, language, address, coalesce(again_message, message) as message`.execute(
    db,
  );
  return rows[0];
}

/** The first result of a message, with which its address goes. @returns its channel; none where it has one already */
export async function settleDelivery(
  db: Db,
  settled: {
    sanction: string;
    position: number;
    result: NonNullable<DeliveryRow['result']>;
    at: Date;
  },
): Promise<DeliveryChannel | undefined> {
  const row = await db
    .updateTable('notice_deliveries')
    .set({ result: settled.result, result_at: settled.at, address: null, retry_at: null })
    .where('sanction', '=', settled.sanction)
    .where('position', '=', settled.position)
    .where('result', 'is', null)
    .returning('channel')
    .executeTakeFirst();
  return row?.channel;
}

/** The first or the second message of a row. */
export const findMessage = (db: Db, message: string): Promise<DeliveryRow | undefined> =>
  db
    .selectFrom('notice_deliveries')
    .selectAll()
    .where((where) =>
      where.or([where('message', '=', message), where('again_message', '=', message)]),
    )
    .executeTakeFirst();

/** Inserts a delivery that only the log tells of: the message itself is lost. */
export async function insertAsLogged(
  db: Db,
  logged: {
    sanction: string;
    position: number;
    channel: DeliveryChannel;
    result: 'taken' | 'refused';
    at: Date;
  },
): Promise<void> {
  const { at, result, ...place } = logged;
  const done = { result, result_at: at, address: null, retry_at: null };
  await db
    .insertInto('notice_deliveries')
    .values({
      ...place,
      ...done,
      language: 'und',
      asked_at: at,
      expires_at: at,
      message: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['sanction', 'position'])
        .doUpdateSet(done)
        .where((where) =>
          where.or([
            where('notice_deliveries.result', 'is', null),
            where('notice_deliveries.result', '=', 'unsent'),
          ]),
        ),
    )
    .execute();
}

/** Messages that nobody took in time, or whose record has ended: their addresses go. */
const overDeliveries = (now: Date) => sql`
  select d.sanction, d.position, d.expires_at, coalesce(d.again_message, d.message) as message
  from notice_deliveries d
  join sanctions s on s.id = d.sanction
  where (${waits}) and (d.expires_at <= ${now} or s.end_recorded)`;

export async function findOverDeliveries(
  db: Db,
  { now, except, limit }: { now: Date; limit: number; except: readonly string[] },
): Promise<string[]> {
  const { rows } = await sql<{ sanction: string }>`
    select sanction from (${overDeliveries(now)}) d
    where sanction <> all(${[...except]}::text[])
    group by sanction order by min(expires_at), sanction limit ${limit}`.execute(db);
  return rows.map(({ sanction }) => sanction);
}

export async function countOverDeliveries(db: Db, now: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (${overDeliveries(now)}) d`.execute(db);
  return rows[0]?.n ?? 0;
}

export async function overDeliveriesOf(
  db: Db,
  { now, sanction }: { sanction: string; now: Date },
): Promise<{ position: number; message: string }[]> {
  const { rows } = await sql<{ position: number; message: string }>`
    select position, message from (${overDeliveries(now)}) d where sanction = ${sanction}
    order by position`.execute(db);
  return rows;
}

/** When its first notice came, and from when what answers by it. */
export async function setNoted(
  db: Db,
  sanction: string,
  noted: Pick<SanctionsTable, 'notified_at' | 'others_from' | 'visible_from'>,
): Promise<void> {
  await db.updateTable('sanctions').set(noted).where('id', '=', sanction).execute();
}

export async function setStated(db: Db, sanction: string, at: Date): Promise<void> {
  await db.updateTable('sanctions').set({ stated_at: at }).where('id', '=', sanction).execute();
}

export async function setDelivery(
  db: Db,
  { sanction, position }: { sanction: string; position: number },
  to: { delivered_at: Date | null; review_from: Date | null },
): Promise<void> {
  await db
    .updateTable('subjects')
    .set(to)
    .where('sanction', '=', sanction)
    .where('position', '=', position)
    .execute();
}
