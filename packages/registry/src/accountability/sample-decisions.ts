import { parseCheckpoint, parseNote } from '@recourse/ledger';
import { toBase64url, type Id } from '@recourse/protocol';
import type { LockedRecord, TransitionContext } from '../records/transition-context.ts';
import { openInspection } from '../review/inspection-opening.ts';
import { isDrawn } from '@recourse/protocol/review';
import { oneDrawable, setDrawn } from './sample-store.ts';

// 5 % of decisions are decided again by another. States of a decision: noted with the hash of its entry, in its own
// transaction; drawn or not, by that hash and the first checkpoint with it that readers were shown; of those drawn an inspection
// is opened, for a reviewer who came before the record in no way and is shown everything but the decision.

/**
 * Draws one decision, and asks for another reviewer where it was drawn. A record that is being examined already, or whose
 * texts are erased, is not examined for it. The caller holds the lock of the record.
 * @returns whether it was drawn now, or found not to be
 */
export async function drawDecision(
  ctx: TransitionContext,
  { record, appeal: id }: { record: LockedRecord; appeal: string },
): Promise<boolean> {
  const { db } = ctx;
  const found = await oneDrawable(db, id);
  if (!found) return false;
  const { appeal, size, leaf, note } = found;
  const { root } = parseCheckpoint(parseNote(note).text);
  const again = { appeal, size, root: toBase64url(root) };
  const drawn = isDrawn({ root: again.root, leaf: toBase64url(leaf) });
  await setDrawn(db, { appeal, size, root, drawn });
  if (drawn && !record.texts_erased_at)
    await openInspection(ctx, record, { why: 'decision', again });
  return true;
}

/** The record of a decision that waits to be drawn. */
export const recordOfDecision = async (
  { db }: Pick<TransitionContext, 'db'>,
  appeal: string,
): Promise<Id<'snc'> | undefined> => (await oneDrawable(db, appeal))?.sanction;
