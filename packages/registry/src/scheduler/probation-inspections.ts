import { examineInProbation } from '../review/inspection-opening.ts';
import { countUnexamined, findUnexamined } from '../parties/probation-store.ts';
import { commitChanges } from '../commit/commit-changes.ts';
import type { DueKind } from './due-kind.ts';

/** The first records of each probation, from when they answer on. */
export const probationInspections: DueKind = {
  find: findUnexamined,
  count: countUnexamined,
  settle: async (ctx, { id }) => {
    if (!(await examineInProbation(ctx, id))) return 0;
    await commitChanges(ctx.db, ctx.changes.list, ctx.now);
    return 1;
  },
};
