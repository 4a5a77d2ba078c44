import { erasureRequestDays, toTimestamp } from '@recourse/protocol';
import type { Selectable } from 'kysely';
import { addDays } from '@recourse/protocol/review';
import type { Db } from '../kernel/database.ts';
import type { ErasureRequestsTable } from '../schema/erasures.ts';

/** Every claimant reads of it before it is done. */
export const notBefore = (at: Date): string => toTimestamp(addDays(at, erasureRequestDays));

type ErasureRequest = Selectable<ErasureRequestsTable>;

export async function insertErasureRequest(
  db: Db,
  request: Omit<ErasureRequest, 'kept_at'>,
): Promise<void> {
  await db
    .insertInto('erasure_requests')
    .values({ ...request, kept_at: null })
    .execute();
}

/** Reads the requests of claimants, the oldest first; none that was taken back. */
export const erasureRequestsOf = (db: Db, sanction: string): Promise<ErasureRequest[]> =>
  db
    .selectFrom('erasure_requests')
    .selectAll()
    .where('sanction', '=', sanction)
    .where('claimant', 'is not', null)
    .where('kept_at', 'is', null)
    .orderBy('at')
    .orderBy('claimant')
    .execute();

export async function keepErasure(
  db: Db,
  { at, claimant }: { claimant: string; at: Date },
): Promise<void> {
  await db
    .updateTable('erasure_requests')
    .set({ kept_at: at })
    .where('claimant', '=', claimant)
    .where('kept_at', 'is', null)
    .execute();
}
