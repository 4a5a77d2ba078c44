import {
  drawDecision,
  recordOfDecision,
  countDrawable,
  findDrawable,
} from '../accountability/sample-decisions.ts';
import { commitChanges } from '../commit/commit-changes.ts';
import { lockRecord } from '../records/lock-record.ts';
import type { DueKind } from './due-kind.ts';

/** Decisions, by appeal, whose entry readers of the ledger were shown: one in twenty is made again. */
export const redecisions: DueKind = {
  find: (db, { limit, except }) => findDrawable(db, { limit, except }),
  count: countDrawable,
  settle: async (ctx, { id: appeal }) => {
    const { db, now, changes } = ctx;
    const sanction = await recordOfDecision(ctx, appeal);
    const record = sanction && (await lockRecord(ctx, sanction));
    if (!record || !(await drawDecision(ctx, { record, appeal }))) return 0;
    await commitChanges(db, changes.list, now);
    return 1;
  },
};
