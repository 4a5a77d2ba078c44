import {
  suspendForSpeech,
  countSuspendable,
  findSuspendable,
} from '../accountability/suspend-for-expression.ts';
import { commitChanges } from '../commit/commit-changes.ts';
import type { DueKind } from './due-kind.ts';

/** Submitters suspended for speech whose decisions were made at once, so that neither saw the other. */
export const speechSuspensions: DueKind = {
  find: findSuspendable,
  count: countSuspendable,
  settle: async (ctx, { id }) => {
    if (!(await suspendForSpeech(ctx, id))) return 0;
    await commitChanges(ctx.db, ctx.changes.list, ctx.now);
    return 1;
  },
};
