import { examineInProbation } from '../review/inspection-opening.ts';
import { countUnexamined, findUnexamined } from '../parties/probation-store.ts';
import type { DueKind } from './due-kind.ts';

/** The first records of each probation, from when they answer on. */
export const probationInspections: DueKind = {
  find: findUnexamined,
  count: countUnexamined,
  settle: async (ctx, { id }) => ((await examineInProbation(ctx, id)) ? 1 : 0),
};
