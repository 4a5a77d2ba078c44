import { sql } from 'kysely';
import type { Db } from '../database.ts';
import type { DeliveryFacts } from './evidence.ts';

/** Deliveries of an appeal without their bytes. */
export const deliveriesOf = (db: Db, appeal: string): Promise<DeliveryFacts[]> =>
  db
    .selectFrom('deliveries')
    .select(['item', 'round', 'sealed_to', 'rejected_why'])
    .select(sql<boolean>`sealed is not null`.as('held'))
    .where('appeal', '=', appeal)
    .orderBy('item')
    .orderBy('round')
    .execute();

interface Place {
  readonly appeal: string;
  readonly item: number;
}

/** The next round of an item; what it replaces is destroyed, and what was rejected stays so. */
export async function insertDelivery(
  db: Db,
  delivery: Place & { sanction: string; sealedTo: string[]; sealed: Uint8Array; at: Date },
): Promise<void> {
  const { appeal, sanction, item, sealedTo, sealed, at } = delivery;
  await destroy(db, { appeal, item });
  const { rounds } = await db
    .selectFrom('deliveries')
    .select((select) => select.fn.countAll<string>().as('rounds'))
    .where('appeal', '=', appeal)
    .where('item', '=', item)
    .executeTakeFirstOrThrow();
  const row = { appeal, sanction, item, round: Number(rounds), sealed_to: sealedTo, sealed, at };
  await db
    .insertInto('deliveries')
    .values({ ...row, rejected_at: null, rejected_why: null })
    .execute();
}

/** The bytes of what counts of an item. */
export async function sealedDelivery(db: Db, of: Place): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('deliveries')
    .select('sealed')
    .where('appeal', '=', of.appeal)
    .where('item', '=', of.item)
    .orderBy('round', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.sealed ?? undefined;
}

/** Destroys the bytes of an item, and says why where a reviewer rejected it; how many there were. */
export async function destroy(
  db: Db,
  of: Place & { rejected?: { at: Date; why: 'illegal-media' | 'third-party-data' } },
): Promise<number> {
  const { appeal, item, rejected } = of;
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set({
      sealed: null,
      ...(rejected ? { rejected_at: rejected.at, rejected_why: rejected.why } : {}),
    })
    .where('appeal', '=', appeal)
    .where('item', '=', item)
    .where('sealed', 'is not', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
