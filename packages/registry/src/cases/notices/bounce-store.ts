import type { Updateable } from 'kysely';
import type { Db } from '../../kernel/database.ts';
import type { NoticeDeliveriesTable } from '../../schema/cases.ts';
import type { DeliveryRow } from './store.ts';

type DeliveryPlace = Pick<DeliveryRow, 'sanction' | 'position'>;

/** The result of the second message, with which its address goes. @returns whether it waited */
export async function settleAgain(
  db: Db,
  { result, message }: { message: string; result: NonNullable<DeliveryRow['again']> },
): Promise<boolean> {
  const row = await db
    .updateTable('notice_deliveries')
    .set({ again: result, address: null, retry_at: null })
    // A first message that is sent twice, after a crash, says nothing of the second.
    .where('again_message', '=', message)
    .where('again', 'is', null)
    .returning('position')
    .executeTakeFirst();
  return row !== undefined;
}

/** Changes the row of the one message to an address of a record, and of the one after it. */
async function changeDelivery(
  db: Db,
  { sanction, position }: DeliveryPlace,
  values: Updateable<NoticeDeliveriesTable>,
): Promise<void> {
  await db
    .updateTable('notice_deliveries')
    .set(values)
    .where('sanction', '=', sanction)
    .where('position', '=', position)
    .execute();
}

/** A message that came back is written once more. */
export const writeAgain = (
  db: Db,
  place: DeliveryPlace,
  again: Pick<DeliveryRow, 'expires_at' | 'asked_at' | 'again_message'> & { address: Uint8Array },
): Promise<void> => {
  const { asked_at: at } = again;
  return changeDelivery(db, place, { ...again, again_at: at, retry_at: at, tries: 0 });
};

/** The first who says that the second came back, too. */
export const setBouncer = (db: Db, { by, ...place }: DeliveryPlace & { by: string }) =>
  changeDelivery(db, place, { bounced_by: by });

/** Somebody who got a code there used it: it arrived. */
export async function isCodeUsed(db: Db, { sanction, position }: DeliveryPlace): Promise<boolean> {
  const row = await db
    .selectFrom('case_codes')
    .select('hash')
    .where('sanction', '=', sanction)
    .where('position', '=', position)
    .where('used_by', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Holders of the operator who each say that both messages came back. */
export type TwoPeople = readonly [first: string, second: string];

export const setBounced = (
  db: Db,
  { at, by: [first, second], ...place }: DeliveryPlace & { at: Date; by: TwoPeople },
) => changeDelivery(db, place, { bounced_at: at, bounced_by: first, confirmed_by: second });

/** It came back before it counted: as if the address had refused it. The subject is undelivered already. */
export const setRefused = (db: Db, place: DeliveryPlace) =>
  changeDelivery(db, place, { result: 'refused' });
