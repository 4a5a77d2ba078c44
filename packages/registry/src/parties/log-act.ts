import type { Entry, Json, PublicEntryType } from '@recourse/protocol';
import type { CallContext } from '../context.ts';

/**
 * A public entry that no statement of its own stands behind: it names the signed call that caused it. Whoever is
 * said to have acted can be asked for that call, and can deny one that was never signed.
 */
export const logAct = (
  ctx: Pick<CallContext, 'changes' | 'call'>,
  type: PublicEntryType,
  detail: Readonly<Record<string, Json>>,
): Entry => ctx.changes.public(type, { ...detail, call: ctx.call.hash });
