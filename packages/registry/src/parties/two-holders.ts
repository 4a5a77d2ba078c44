import { toTimestamp, type OpName, type OpOutput, type PartyId } from '@recourse/protocol';
import { inputHash } from '../commit/audit-row.ts';
import { addHours } from '@recourse/protocol/review';
import type { CallContext } from '../context/context.ts';
import { conflict } from '../kernel/refusal.ts';
import { freshId } from './fresh-id.ts';
import { countOpenOf, findOpenProposal, insertProposal, markExecuted } from './proposal-store.ts';
import { lockParty } from './store.ts';

/** How long a proposal waits for its second holder. */
const proposalHours = 72;

/** Nobody fills the inbox of the others: so many of one person wait at once. */
const mostWaiting = 20;

export interface TwoHolderAct {
  readonly op: OpName;
  /** Refuses what neither call may do; runs for both, under the lock */
  check?(): Promise<void>;
  /** Makes public what the first call proposes */
  propose?(): Promise<void> | void;
  /** @param proposal its id */
  execute(proposal: string): Promise<PartyId | undefined>;
}

/**
 * An act of two operator holders: the first call proposes, the same call by another holder within 72 h
 * executes. The rule binds the person, not the key, so somebody with two keys stays one. An expired
 * proposal is proposed anew, as is one whose proposer has no active key any more.
 *
 * The lock of the operator's row orders all such acts: of two who execute at once, the second finds the
 * proposal executed, and proposes.
 */
export async function byTwoHolders(
  ctx: CallContext,
  act: TwoHolderAct,
): Promise<OpOutput<'platforms.restore'>> {
  const { caller, db, now } = ctx;
  await lockParty(db, 'operator');
  await act.check?.();
  const open = await findOpenProposal(db, { op: act.op, inputHash: inputHash(ctx.call), now });
  if (!open) return propose(ctx, act);
  const proposal = open.id;
  if (open.proposed_by === caller.holder) {
    return { state: 'proposed', proposal, executeBefore: toTimestamp(open.execute_before) };
  }
  await markExecuted(db, proposal, { by: caller.holder, at: now });
  const party = await act.execute(proposal);
  return { state: 'executed', proposal, ...(party === undefined ? {} : { party }) };
}

async function propose(
  ctx: CallContext,
  act: TwoHolderAct,
): Promise<OpOutput<'platforms.restore'>> {
  const { caller, db, now } = ctx;
  if ((await countOpenOf(db, { holder: caller.holder, now })) >= mostWaiting) {
    throw conflict('proposal', 'enough-proposed');
  }
  const id = freshId('prp', ctx);
  const executeBefore = addHours(now, proposalHours);
  await insertProposal(db, {
    id,
    op: act.op,
    input_hash: inputHash(ctx.call),
    input: ctx.call.payload.in,
    proposed_by: caller.holder,
    proposed_at: now,
    execute_before: executeBefore,
  });
  await act.propose?.();
  return { state: 'proposed', proposal: id, executeBefore: toTimestamp(executeBefore) };
}
