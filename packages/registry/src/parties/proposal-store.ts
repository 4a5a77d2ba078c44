import { isId, type Id } from '@recourse/protocol';
import type { Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { ProposalsTable } from '../schema/parties.ts';

export type ProposalRow = Selectable<ProposalsTable> & { id: Id<'prp'> };

/**
 * The proposal that a second holder can execute now: not executed, not expired, by a holder who still has
 * an active key. The caller holds the lock of the operator, so there is one at most.
 */
export async function findOpenProposal(
  db: Db,
  { op, inputHash, now }: { op: string; inputHash: string; now: Date },
): Promise<ProposalRow | undefined> {
  const row = await db
    .selectFrom('proposals')
    .selectAll()
    .where('op', '=', op)
    .where('input_hash', '=', inputHash)
    .where('executed_at', 'is', null)
    .where('execute_before', '>', now)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('keys')
          .select('kid')
          .whereRef('keys.holder', '=', 'proposals.proposed_by')
          .where('keys.revoked_at', 'is', null),
      ),
    )
    .orderBy('proposed_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && isId('prp', row.id) ? { ...row, id: row.id } : undefined;
}

export async function insertProposal(
  db: Db,
  proposal: Omit<ProposalsTable, 'executed_by' | 'executed_at'>,
): Promise<void> {
  await db
    .insertInto('proposals')
    .values({ ...proposal, executed_by: null, executed_at: null })
    .execute();
}

export async function markExecuted(
  db: Db,
  id: string,
  executed: { by: string; at: Date },
): Promise<void> {
  await db
    .updateTable('proposals')
    .set({ executed_by: executed.by, executed_at: executed.at })
    .where('id', '=', id)
    .where('executed_at', 'is', null)
    .execute();
}

/** Reads who proposed and who executed, by their opaque ids. */
export const holdersOf = (
  db: Db,
  id: string,
): Promise<{ proposedBy: string; executedBy: string }> =>
  db
    .selectFrom('proposals')
    .select(['proposed_by as proposedBy', 'executed_by as executedBy'])
    .where('id', '=', id)
    .where('executed_by', 'is not', null)
    .$narrowType<{ executedBy: string }>()
    .executeTakeFirstOrThrow();

/** An act as the log has it; where the first call is known, it is executed by the second. */
export async function insertExecuted(
  db: Db,
  proposal: Omit<ProposalsTable, 'execute_before'> & { executed_by: string; executed_at: Date },
): Promise<void> {
  const { executed_by, executed_at } = proposal;
  await db
    .insertInto('proposals')
    .values({ ...proposal, execute_before: executed_at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ executed_by, executed_at }))
    .execute();
}
