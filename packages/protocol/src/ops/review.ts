import { z } from 'zod';
import { reviewIdSchema } from '../appeal.ts';
import { timestamp } from '../schemas.ts';
import { withheldGrounds } from '../statement.ts';
import { reasonCodes } from '../taxonomy/index.ts';
import { idSchema } from '../typeid.ts';
import { define } from './define.ts';

const reviewer = { roles: ['reviewer'] } as const;

const appeal = idSchema('apl');

/** What reviewers do beside reading and deciding a case. */
export const reviewOps = {
  'review.relieve': define({
    kind: 'mutation',
    ...reviewer,
    summary:
      'Suspend the sanction until an instant at most 14 days away; or, until null, say in time that it goes on.',
    input: z.strictObject({ appeal, until: timestamp.nullable() }),
    output: z.object({ appeal, until: timestamp.nullable(), recalls: z.int().min(0) }),
  }),
  'review.recuse': define({
    kind: 'mutation',
    ...reviewer,
    summary:
      'Give an assigned case back; somebody else is assigned. Five in 30 days, and more by leave.',
    input: z.strictObject({
      appeal: reviewIdSchema,
      why: z.enum(['affiliation', 'acquaintance', 'language', 'workload', 'other-conflict']),
    }),
    output: z.object({ appeal: reviewIdSchema }),
  }),
  'review.excuse': define({
    kind: 'mutation',
    ...reviewer,
    admin: true,
    summary:
      'Let another reviewer give cases back beyond five in 30 days: their count begins anew.',
    input: z.strictObject({ holder: idSchema('hld') }),
    output: z.object({ holder: idSchema('hld') }),
  }),
  'review.notice': define({
    kind: 'read',
    ...reviewer,
    summary: 'The record whose notice is withheld the longest, of those the caller may judge.',
    input: z.strictObject({}),
    output: z.object({
      sanction: idSchema('snc'),
      reason: z.enum(reasonCodes),
      ground: z.enum(withheldGrounds),
      statement: z.string(),
      account: z.string(),
      /** Withdrawn then, unless its creator was told */
      noticeDueAt: timestamp,
    }),
  }),
  'review.confirmNotice': define({
    kind: 'mutation',
    ...reviewer,
    summary:
      'Say whether the notice of that record is rightly withheld: it answers until notice is due, or is owed in days.',
    input: z.strictObject({ sanction: idSchema('snc'), confirmed: z.boolean() }),
    output: z.object({ sanction: idSchema('snc'), noticeDueAt: timestamp }),
  }),
};
