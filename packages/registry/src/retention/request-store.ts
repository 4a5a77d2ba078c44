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

/** The newest, unless whoever made it lost the case since: what a contested holder did is void. */
export const erasureRequestOf = (db: Db, sanction: string): Promise<ErasureRequest | undefined> =>
  db
    .selectFrom('erasure_requests as q')
    .selectAll('q')
    .where('q.sanction', '=', sanction)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('case_holders as h')
            .select('h.sanction')
            .whereRef('h.sanction', '=', 'q.sanction')
            .where('h.ended_as', '=', 'contested')
            .whereRef('h.ended_at', '>=', 'q.at'),
        ),
      ),
    )
    .orderBy('q.at', 'desc')
    .executeTakeFirst();
