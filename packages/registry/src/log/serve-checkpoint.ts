import type { LoggedWitnessPolicy } from '@recourse/protocol';
import type { Db } from '../kernel/database.ts';
import { halfMergeDelayMs } from './ledger-guard.ts';
import { cosignersOf, insertServed, servedSize } from './served-store.ts';
import { policyIn } from './witness-store.ts';

/**
 * Shows readers the checkpoint of this size from now on, if it may be shown and none larger was. Called when one was
 * signed or cosigned; what is shown is remembered, so that serving reads one row and never goes back.
 *
 * The policy of a checkpoint is the last `witness-policy` entry in its tree: what was shown before a change stays valid
 * under the policy before it, and whatever holds the change needs the new one. A reader that follows believes a new
 * policy by a checkpoint that the old one accepts. So the first checkpoint shown with a change needs both, the old one
 * for half a minute at most: its witnesses may be those that are gone, and then only who pins the new one reads on.
 * Policies that came and went between two shown checkpoints were nobody's, and are asked nothing.
 * @returns whether it is shown now
 */
export async function serveCheckpoint(
  db: Db,
  { size, now }: { size: number; now: Date },
): Promise<boolean> {
  const shown = await servedSize(db);
  if (size <= shown) return false;
  const policy = await policyIn(db, size);
  if (policy) {
    const cosigners = await cosignersOf(db, size);
    if (!accepts(policy.detail, cosigners)) return false;
    const before = await policyIn(db, shown);
    const isOver = now.getTime() - Date.parse(policy.at) > halfMergeDelayMs;
    if (before && !isOver && !accepts(before.detail, cosigners)) return false;
  }
  await insertServed(db, size);
  return true;
}

/** Cosignatures are verified before they are stored: here they are counted. */
const accepts = (
  { witnesses, threshold }: LoggedWitnessPolicy,
  cosigners: ReadonlySet<string>,
): boolean => witnesses.filter(({ key }) => cosigners.has(key)).length >= threshold;
