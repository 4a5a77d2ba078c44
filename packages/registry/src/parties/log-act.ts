import type { Entry, EntryDetail } from '@recourse/protocol';
import type { CallContext } from '../context/context.ts';
import type { ActType } from '../commit/changes.ts';

/** Logs an act by the call that it is: whoever is said to have acted can be asked for it, and can deny one never signed. */
export const logAct = <T extends ActType>(
  ctx: Pick<CallContext, 'changes' | 'call'>,
  type: T,
  detail: Omit<EntryDetail<T>, 'call'>,
): Entry => ctx.changes.act(type, detail, ctx.call.hash);
