import { z } from 'zod';
import { recallActions, recallKinds } from '../recall.ts';
import { b64u, numericDate, timestamp } from '../schemas.ts';
import { idSchema } from '../typeid.ts';
import { toldPurposes } from '../taxonomy/purposes.ts';
import { outcomes } from './checks.ts';
import { nextCursor, page } from './common.ts';
import { define } from './define.ts';

/** One time the platform was told of the sanction, with its own reference: where to find who is concerned. */
const telling = z.object({
  match: idSchema('mat'),
  check: idSchema('chk'),
  ref: z.string().optional(),
  purpose: z.enum(toldPurposes),
  toldAt: timestamp,
  outcome: z.enum(outcomes).optional(),
});

/** A recall, as the platform that owes it reads it. */
export const recallRecord = z.object({
  recall: idSchema('rcl'),
  kind: z.enum(recallKinds),
  sanction: idSchema('snc'),
  version: z.int().min(1),
  issuedAt: timestamp,
  dueAt: timestamp,
  /** The oldest 64 */
  told: z.array(telling),
  /** Without `action` where the registry has read it back from the log, and does not know what was done */
  acknowledged: z.object({ at: timestamp, action: z.enum(recallActions).optional() }).optional(),
  /** A later recall of the same sanction took its place */
  supersededBy: idSchema('rcl').optional(),
});
export type RecallRecord = z.infer<typeof recallRecord>;

/** Recalls, and the events about them. */
export const recallOps = {
  'recalls.list': define('read', ['service', 'trust'], {
    summary: 'List your recalls, the oldest open ones first.',
    input: z.strictObject({ ...page, all: z.boolean().optional() }),
    output: z.object({ recalls: z.array(recallRecord), next: nextCursor }),
  }),
  'recalls.acknowledge': define('mutation', ['service', 'trust'], {
    summary:
      'Acknowledge a recall by what you did; lifting a refusal or keeping a measure needs a trust key.',
    input: z.strictObject({
      recall: idSchema('rcl'),
      action: z.enum(recallActions),
      copies: z.enum(['deleted', 'kept']),
      /** Required for kept-on-own-grounds: a review later than the recall, told to the creator */
      ownGrounds: z
        .strictObject({
          reviewedAt: numericDate,
          noticeSentAt: numericDate,
          /** Where the match was the only ground there is nothing to keep */
          matchWasOnlyGround: z.literal(false),
        })
        .optional(),
    }),
    output: z.object({
      recall: idSchema('rcl'),
      acknowledgedAt: timestamp,
      /** Recalls of the caller that are still open */
      open: z.int().min(0),
      checksStopped: z.boolean(),
    }),
  }),
  'events.poll': define('mutation', ['service', 'trust'], {
    summary:
      'Read security events about your sanctions and those that you were told of, until you acknowledge them (RFC 8936).',
    input: z.strictObject({
      maxEvents: z.int().min(0).max(256).optional(),
      returnImmediately: z.boolean().optional(),
      ack: z.array(idSchema('evt')).max(256).optional(),
      setErrs: z
        .record(
          idSchema('evt'),
          z.strictObject({ err: b64u.max(64), description: z.string().max(256).optional() }),
        )
        .optional(),
    }),
    output: z.object({ sets: z.record(z.string(), z.string()), moreAvailable: z.boolean() }),
  }),
};
