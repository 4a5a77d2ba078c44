import { speechSuspensionOf } from '../accountability/expression-store.ts';
import { isSpeechCause } from '../accountability/expression.rules.ts';
import { isOverturned } from '../accountability/redecision-store.ts';
import { liftSuspension } from '../accountability/suspending.ts';
import { openCauses } from '../accountability/suspension-store.ts';
import type { CallContext } from '../context.ts';
import { findItem } from './store.ts';

/**
 * Where two whom the submitter asked both disagree, a reversal counts against it no more: nor stands what it was suspended
 * for. The caller holds the lock of the party.
 */
export async function liftOverturned(
  ctx: CallContext,
  { item: by, appeal }: { item: string; appeal: string },
): Promise<void> {
  const { db, now: at } = ctx;
  const item = await findItem(db, by);
  if (!item || !(await isOverturned(db, { appeal, at }))) return;
  const { party } = item;
  if ((await speechSuspensionOf(db, { party, now: at })) !== undefined) return;
  for (const { cause } of await openCauses(db, party)) {
    if (isSpeechCause(cause)) await liftSuspension(ctx, { party, cause, at, by });
  }
}
