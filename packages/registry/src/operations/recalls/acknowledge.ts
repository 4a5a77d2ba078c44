import {
  fromNumericDate,
  Problem,
  toTimestamp,
  type OpInput,
  type OpOutput,
} from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import {
  acknowledgeRecall,
  lockRecall,
  openRecalls,
} from '../../told/recalls/acknowledgement-store.ts';
import { refuseAcknowledgement } from '../../told/recalls/recall.rules.ts';
import { caseOf } from '../../vault/case-key-store.ts';

/** Closes an own recall by what was done. It is the call itself, signed, that the ledger commits to. */
export async function acknowledge(
  ctx: CallContext,
  input: OpInput<'recalls.acknowledge'>,
): Promise<OpOutput<'recalls.acknowledge'>> {
  const { caller, call, now, db } = ctx;
  const { party } = caller;
  const recall = await lockRecall(db, { id: input.recall, party });
  // The id is attacker-controlled: a recall of another platform reads like one that never was.
  if (!recall) throw new Problem('not-found');
  const problem = refuseAcknowledgement(recall, input, { role: caller.role, now });
  if (problem) throw problem;
  const { action, copies, ownGrounds } = input;
  await acknowledgeRecall(db, {
    recall: input.recall,
    sanction: recall.sanction,
    party,
    kid: caller.kid,
    jti: call.payload.jti,
    ack: call.hash,
    action,
    copies,
    reviewed_at: ownGrounds ? fromNumericDate(ownGrounds.reviewedAt) : null,
    notice_sent_at: ownGrounds ? fromNumericDate(ownGrounds.noticeSentAt) : null,
    at: now,
  });
  const theCase = await caseOf(ctx, recall.sanction);
  // Of an erased case no entry can be made: its platform did what it owed all the same.
  if (theCase) {
    const detail = { recall: input.recall, action, copies };
    ctx.changes.pair('recall-acknowledged', { ...theCase, party, ack: call.hash, detail });
  }
  ctx.retainCallFor.add(recall.sanction);
  const open = await openRecalls(db, { party, now });
  return { recall: input.recall, acknowledgedAt: toTimestamp(now), ...open };
}
