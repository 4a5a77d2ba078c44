import { drawDecision, recordOfDecision } from '../accountability/sample-decisions.ts';
import { countDrawable, findDrawable } from '../review/redecision-store.ts';
import { commitChanges } from '../commit/commit-changes.ts';
import { lockRecord } from '../records/lock-record.ts';
import type { DueKind } from './due-kind.ts';

/** Decisions, by appeal, whose entry readers of the ledger were shown: one in twenty is made again. */
export const redecisions: DueKind = {
  find: (db, { limit, except }) => findDrawable(db, { limit, except }),
  count: countDrawable,
  settle: async (acting, { id: appeal }) => {
    const { db, now, changes } = acting;
    const sanction = await recordOfDecision(acting, appeal);
    const record = sanction && (await lockRecord(acting, sanction));
    if (!record || !(await drawDecision(acting, { record, appeal }))) return 0;
    await commitChanges(db, changes.list, now);
    return 1;
  },
};
