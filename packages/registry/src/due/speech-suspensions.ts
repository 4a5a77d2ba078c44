import { countSuspendable, findSuspendable } from '../accountability/expression-store.ts';
import { suspendForSpeech } from '../accountability/suspend-for-expression.ts';
import { commitChanges } from '../audit/commit-changes.ts';
import type { DueKind } from './due-kind.ts';

/** Submitters suspended for speech whose decisions were made at once, so that neither saw the other. */
export const speechSuspensions: DueKind = {
  find: findSuspendable,
  count: countSuspendable,
  settle: async (acting, { id }) => {
    if (!(await suspendForSpeech(acting, id))) return 0;
    await commitChanges(acting.db, acting.changes.list, acting.now);
    return 1;
  },
};
