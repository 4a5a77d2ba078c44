import { speechSuspensionOf } from '../parties/expression-store.ts';
import { isSpeechCause } from '../parties/expression.rules.ts';
import { isOverturned } from './redecision-store.ts';
import { liftSuspension } from '../parties/suspending.ts';
import { openCauses } from '../parties/suspension-store.ts';
import type { CallContext } from '../context/context.ts';

/**
 * Where two whom the submitter asked both disagree, a reversal counts against it no more: nor stands what it was suspended
 * for. The caller holds the lock of the party.
 */
export async function liftOverturned(
  ctx: CallContext,
  { party, appeal }: { party: string; appeal: string },
): Promise<void> {
  const { db, now: at } = ctx;
  if (!(await isOverturned(db, { appeal, at }))) return;
  if ((await speechSuspensionOf(db, { party, now: at })) !== undefined) return;
  for (const { cause } of await openCauses(db, party)) {
    if (isSpeechCause(cause)) await liftSuspension(ctx, { party, cause, at });
  }
}
