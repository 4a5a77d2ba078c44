import type { Selectable } from 'kysely';
import type { Db, ErasureRequestsTable } from '../database.ts';

export type ErasureRequest = Selectable<ErasureRequestsTable>;

export async function insertErasureRequest(db: Db, request: ErasureRequest): Promise<void> {
  await db
    .insertInto('erasure_requests')
    .values(request)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The newest. */
export const erasureRequestOf = (db: Db, sanction: string): Promise<ErasureRequest | undefined> =>
  db
    .selectFrom('erasure_requests')
    .selectAll()
    .where('sanction', '=', sanction)
    .orderBy('at', 'desc')
    .executeTakeFirst();
