import { drawDecision, recordOfDecision } from '../accountability/sample-decisions.ts';
import { countDrawable } from '../accountability/sample-store.ts';
import { findDrawable } from '../accountability/sample-store.ts';
import { lockRecord } from '../records/lock-record.ts';
import type { DueKind } from './due-kind.ts';

/** Decisions, by appeal, whose entry readers of the ledger were shown: one in twenty is made again. */
export const redecisions: DueKind = {
  find: (db, { limit, except }) => findDrawable(db, { limit, except }),
  count: countDrawable,
  settle: async (ctx, { id: appeal }) => {
    const sanction = await recordOfDecision(ctx, appeal);
    const record = sanction && (await lockRecord(ctx, sanction));
    return record && (await drawDecision(ctx, { record, appeal })) ? 1 : 0;
  },
};
