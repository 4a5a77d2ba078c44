import { judgeSubmitter } from './accountability/judging.ts';
import { closeItemsOf } from './panel/case-items.ts';
import { liftAllSuspensions } from './records/ending.ts';
import { endEvaders, expireEvaders } from './records/evading.ts';
import type { Reaction, Reactions } from './records/transition-context.ts';
import { writeEntry } from './records/transition.ts';
import { closeInspectionOf, closeReviews } from './review/inspection-closing.ts';
import { rememberFinding, rememberReversal } from './submissions/reversals.ts';
import { reviewDerived } from './submissions/derived/review.ts';
import { tellAll } from './told/events/emit.ts';
import { oweNothing, recall } from './told/recalls/issue-recalls.ts';

const judge: Reaction = async (ctx, { record }) => void (await judgeSubmitter(ctx, record.party));

/**
 * The reactions to a change of a record, in the transaction of the change. The order is part of the rules: each
 * reaction is done, with every change that it makes itself, before the next one begins.
 */
export const reactions: Reactions = {
  suspended: [recall('pause'), writeEntry, tellAll],
  reinstated: [recall('correct'), writeEntry, tellAll],
  amended: [recall('correct'), writeEntry, tellAll],
  appealOpened: [writeEntry, tellAll],
  appealClosed: [writeEntry, tellAll],
  foundWrong: [recall('undo'), writeEntry, tellAll, rememberFinding, reviewDerived, judge],
  endedEarly: [
    liftAllSuspensions,
    closeReviews,
    closeItemsOf,
    recall('undo'),
    writeEntry,
    tellAll,
    rememberReversal,
    reviewDerived,
    endEvaders,
    judge,
  ],
  expired: [
    liftAllSuspensions,
    closeInspectionOf,
    closeItemsOf,
    oweNothing,
    writeEntry,
    tellAll,
    expireEvaders,
  ],
};
