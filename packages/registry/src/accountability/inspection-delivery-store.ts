import { sql, type Selectable } from 'kysely';
import type { InspectionDeliveriesTable, Db } from '../database.ts';

interface Place {
  readonly item: string;
  readonly place: number;
}

/** The evidence of a place as it was delivered last. */
export type InspectionDeliveryRow = Selectable<InspectionDeliveriesTable>;

/** In place of what was there, which is destroyed. */
export async function insertInspectionDelivery(
  db: Db,
  of: Place & { sealed: Uint8Array; at: Date },
): Promise<void> {
  const { sealed, at } = of;
  await db
    .insertInto('inspection_deliveries')
    .values(of)
    .onConflict((conflict) =>
      conflict
        .columns(['item', 'place'])
        .doUpdateSet({ sealed, at, round: sql<number>`inspection_deliveries.round + 1` }),
    )
    .execute();
}

export const inspectionDeliveries = (db: Db, item: string): Promise<InspectionDeliveryRow[]> =>
  db
    .selectFrom('inspection_deliveries')
    .selectAll()
    .where('item', '=', item)
    .orderBy('place')
    .execute();

/** What is held of a place; none where nothing was delivered, or it was found not to fit. */
export async function heldDelivery(
  db: Db,
  { item, place }: Place,
): Promise<(InspectionDeliveryRow & { sealed: Uint8Array }) | undefined> {
  const row = (await inspectionDeliveries(db, item)).find((one) => one.place === place);
  return row?.sealed ? { ...row, sealed: row.sealed } : undefined;
}

/** Found not to fit: the bytes go, and the place is empty again. */
export async function destroyDelivery(db: Db, { item, place }: Place): Promise<void> {
  await db
    .updateTable('inspection_deliveries')
    .set({ sealed: null })
    .where('item', '=', item)
    .where('place', '=', place)
    .execute();
}
