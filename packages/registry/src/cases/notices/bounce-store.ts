import type { Db } from '../../kernel/database.ts';
import type { DeliveryRow } from './store.ts';

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

/** A message that came back is written once more. */
export async function writeAgain(
  db: Db,
  {
    sanction,
    position,
    ...again
  }: Pick<DeliveryRow, 'sanction' | 'position' | 'expires_at' | 'asked_at' | 'again_message'> & {
    address: Uint8Array;
  },
): Promise<void> {
  await db
    .updateTable('notice_deliveries')
    .set({ ...again, again_at: again.asked_at, retry_at: again.asked_at, tries: 0 })
    .where('sanction', '=', sanction)
    .where('position', '=', position)
    .execute();
}

/** The first who says that the second came back, too. */
export async function setBouncer(
  db: Db,
  { sanction, position, by }: Pick<DeliveryRow, 'sanction' | 'position'> & { by: string },
): Promise<void> {
  await db
    .updateTable('notice_deliveries')
    .set({ bounced_by: by })
    .where('sanction', '=', sanction)
    .where('position', '=', position)
    .execute();
}

/** Somebody who got a code there used it: it arrived. */
export async function isCodeUsed(
  db: Db,
  { sanction, position }: Pick<DeliveryRow, 'sanction' | 'position'>,
): Promise<boolean> {
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

export async function setBounced(
  db: Db,
  {
    sanction,
    position,
    at,
    by: [first, second],
  }: { sanction: string; position: number; at: Date; by: TwoPeople },
): Promise<void> {
  await db
    .updateTable('notice_deliveries')
    .set({ bounced_at: at, bounced_by: first, confirmed_by: second })
    .where('sanction', '=', sanction)
    .where('position', '=', position)
    .execute();
}

/** It came back before it counted: as if the address had refused it. The subject is undelivered already. */
export async function setRefused(
  db: Db,
  { sanction, position }: { sanction: string; position: number },
): Promise<void> {
  await db
    .updateTable('notice_deliveries')
    .set({ result: 'refused' })
    .where('sanction', '=', sanction)
    .where('position', '=', position)
    .execute();
}
