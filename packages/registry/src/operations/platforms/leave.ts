import { Problem, toTimestamp, type OpInput, type OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { conflict } from '../../kernel/refusal.ts';
import { logAct } from '../../parties/log-act.ts';
import { lockParty, stopParty, updateParty } from '../../parties/store.ts';
import { byTwoHolders } from '../../parties/two-holders.ts';
import { recordsEndAt } from '../../records/membership.rules.ts';
import { openInspections, type Many } from '../../review/inspection-opening.ts';

/**
 * The live records of a platform that left are examined until they would end with its membership: one that passes stays.
 * What nobody examines ends.
 * @returns how many there are
 */
const openLeaving = (
  ctx: Many,
  { party, endAt: due }: { party: string; endAt: Date },
): Promise<number> => openInspections(ctx, { party, why: 'leaving', openedAt: ctx.now, due });

type LeaveResult = OpOutput<'platforms.leave'>;

/**
 * Ends a membership: no checks or submissions at once; live records end within 30 d, but for those that a reviewer
 * examines until then, and lets stand. What is owed to creators
 * outlives it: recalls, evidence, responses, notices, withdrawals, keys and events go on.
 */
export async function leave(
  ctx: CallContext,
  { party }: OpInput<'platforms.leave'>,
): Promise<LeaveResult> {
  if (ctx.caller.role !== 'operator') {
    // Another's membership looks like none.
    if (party !== ctx.caller.party) throw new Problem('not-found');
    await assertMember(ctx, party);
    return leaveNow(ctx, party);
  }
  let left: LeaveResult | undefined;
  const act = await byTwoHolders(ctx, {
    op: 'platforms.leave',
    check: () => assertMember(ctx, party),
    execute: async () => {
      left = await leaveNow(ctx, party);
      return party;
    },
  });
  if (act.state === 'executed') return { ...left, state: 'executed', proposal: act.proposal };
  return act;
}

async function assertMember({ db }: CallContext, party: string): Promise<void> {
  const row = await lockParty(db, party);
  if (!row) throw new Problem('not-found');
  if (row.left_at !== null) throw conflict('party', 'left');
}

/** The registry's key epochs rotate after it: whoever left keeps no answer that goes on serving. */
async function leaveNow(ctx: CallContext, party: string): Promise<LeaveResult> {
  const endAt = recordsEndAt(ctx.now);
  const recordsEnd = toTimestamp(endAt);
  await stopParty(ctx.db, party);
  await updateParty(ctx.db, party, { leftAt: ctx.now });
  const records = await openLeaving(ctx, { party, endAt });
  logAct(ctx, 'party-left', { party, recordsEndAt: recordsEnd, records });
  return { state: 'executed', recordsEndAt: recordsEnd };
}
