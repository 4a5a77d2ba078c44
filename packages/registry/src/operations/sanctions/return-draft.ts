import type { OpInput, OpOutput } from '@recourse/protocol';
import type { CallContext } from '../../context/context.ts';
import { applyDueSteps } from '../../records/apply-due-steps.ts';
import { lockDraft } from '../../submissions/lock-draft.ts';
import { setReturned } from '../../submissions/submission-store.ts';
import { resultOf } from '../../submissions/views.ts';
import { placeOf } from '../../vault/vault.ts';

/**
 * Gives a draft back to its author. It lapses at once: it never was a record, so that its author may record the same
 * incident anew, mended.
 */
export async function returnDraft(
  ctx: CallContext,
  { sanction, reason }: OpInput<'sanctions.returnDraft'>,
): Promise<OpOutput<'sanctions.returnDraft'>> {
  const draft = await lockDraft(ctx, sanction, 'sanction');
  const sealed = draft.key().sealText(reason, placeOf('sanctions.returned', draft));
  await setReturned(ctx.db, { sanction, at: ctx.now, by: ctx.caller.holder, sealed });
  draft.retain();
  const lapsed = await applyDueSteps(ctx, await draft.refresh());
  return resultOf(lapsed, ctx.now);
}
