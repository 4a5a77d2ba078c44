import { isId, type Id } from '@recourse/protocol';
import { sql, type Selectable } from 'kysely';
import type { Db } from '../kernel/database.ts';
import type { ProposalsTable, ProposedInputsTable } from '../schema/parties.ts';

export type ProposalRow = Selectable<ProposalsTable> & { id: Id<'prp'> };

/**
 * The proposal that a second holder can execute now: not executed, not expired, by a holder who still has
 * an active key. The caller holds the lock of the operator, so there is one at most.
 */
export async function findOpenProposal(
  db: Db,
  { op, inputHash, now }: { op: string; inputHash: string; now: Date },
): Promise<ProposalRow | undefined> {
  const row = await openProposals(db, now)
    .selectAll('p')
    .where('p.op', '=', op)
    .where('p.input_hash', '=', inputHash)
    .orderBy('p.proposed_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && isId('prp', row.id) ? { ...row, id: row.id } : undefined;
}

/** Inserts a proposal, and its input for whoever countersigns. */
export async function insertProposal(db: Db, { input, ...proposal }: NewProposal): Promise<void> {
  await db
    .insertInto('proposals')
    .values({ ...proposal, executed_by: null, executed_at: null })
    .execute();
  const { id, execute_before: expires_at } = proposal;
  await db.insertInto('proposed_inputs').values({ proposal: id, input, expires_at }).execute();
}

type NewProposal = Omit<ProposalsTable, 'executed_by' | 'executed_at'> &
  Pick<ProposedInputsTable, 'input'>;

/** How many proposals of one person wait. */
export async function countOpenOf(
  db: Db,
  { holder, now }: { holder: string; now: Date },
): Promise<number> {
  const { n } = await openProposals(db, now)
    .where('p.proposed_by', '=', holder)
    .select(sql<number>`count(*)::int`.as('n'))
    .executeTakeFirstOrThrow();
  return n;
}

export type WaitingProposal = Pick<
  ProposalRow,
  'id' | 'op' | 'proposed_by' | 'proposed_at' | 'execute_before'
> &
  Pick<ProposedInputsTable, 'input'>;

/** Proposals that another operator can countersign now, the oldest first; ids are in the order of time. */
export async function waitingProposals(
  db: Db,
  { after, limit, now }: { after: string | undefined; limit: number; now: Date },
): Promise<WaitingProposal[]> {
  const rows = await openProposals(db, now)
    .innerJoin('proposed_inputs as i', 'i.proposal', 'p.id')
    .select(['p.id', 'p.op', 'p.proposed_by', 'p.proposed_at', 'p.execute_before', 'i.input'])
    .where('p.id', '>', after ?? '')
    .orderBy('p.id')
    .limit(limit)
    .execute();
  return rows.flatMap(({ id, ...row }) => (isId('prp', id) ? [{ ...row, id }] : []));
}

/** Not executed, not lapsed, by somebody who still has an active key. */
const openProposals = (db: Db, now: Date) =>
  db
    .selectFrom('proposals as p')
    .where('p.executed_at', 'is', null)
    .where('p.execute_before', '>', now)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('keys')
          .select('kid')
          .whereRef('keys.holder', '=', 'p.proposed_by')
          .where('keys.revoked_at', 'is', null),
      ),
    );

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
  await db.deleteFrom('proposed_inputs').where('proposal', '=', id).execute();
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
