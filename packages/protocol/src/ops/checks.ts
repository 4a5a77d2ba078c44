import { z } from 'zod';
import { checkAlarms } from '../check-alarm.ts';
import { b64u32, numericDate, ownRef, timestamp } from '../schemas.ts';
import { subjectPathSchema } from '../subject-tree.ts';
import { idSchema } from '../typeid.ts';
import { purposes } from '../taxonomy/purposes.ts';
import { define } from './define.ts';
import { nextCursor, page } from './common.ts';

/** The advice of the registry. No number scores a person, and no advice refuses. */
export const advices = ['no-record', 'review', 'verify-identity'] as const;
export type Advice = (typeof advices)[number];

/** The advice about one record that an answer shows. */
export type MatchAdvice = Exclude<Advice, 'no-record'>;

/** The outcome of a match. `pending` leaves it owed. */
export const outcomes = ['pending', 'admitted', 'admitted-with-safeguards', 'refused'] as const;
export type Outcome = (typeof outcomes)[number];

/** How many other groups have a live record of their own on the same token. */
export const corroborations = ['none', 'one-other', 'several'] as const;
export type Corroboration = (typeof corroborations)[number];

/** How much a platform may still check, and the alarms that stopped it. */
export const ownQuota = z.object({
  /** Elements a day, and the most that may be evaluated at once */
  bucket: z.int().min(0),
  left: z.int().min(0),
  /** The last of them, for payout changes, recovery, safety reviews and vouching alone */
  kept: z.int().min(0),
  /** When all of them are there again, if none is used until then */
  fullAt: timestamp,
  /** Alarms that stopped its checks: explain them to the operators, who lift them */
  alarms: z.array(
    z.object({ kind: z.enum(checkAlarms), at: timestamp, counts: z.record(z.string(), z.int()) }),
  ),
});

const epoch = z.int().min(1).max(0xffff_ffff);

/** One record that a check discloses (protocol, section 7). */
export const matchSchema = z.object({
  match: idSchema('mat'),
  /** Index of the token in the input */
  token: z.int().min(0).max(63),
  sanction: idSchema('snc'),
  /** Advice about this record: without `review` it is no reason to refuse anybody */
  advice: z.enum(advices).exclude(['no-record']),
  /** `recourse-sanction+jwt`, whole; none while an appeal puts in doubt whether this is the person, or the act */
  statement: z.string().optional(),
  leaf: subjectPathSchema.optional(),
  /** `recourse-subjects+jwt`, when the subjects were re-tokenised */
  subjectsUpdate: z.string().optional(),
  /** `recourse-decision+jwt`, whose values replace the statement's */
  amendment: z.string().optional(),
  disputed: z.boolean(),
  since: timestamp,
  version: z.int().min(1),
  expiresAt: timestamp,
  corroboration: z.enum(corroborations),
  priorMatch: z.boolean(),
});
export type Match = z.infer<typeof matchSchema>;

/** Checks, their matches and outcomes. */
export const checkOps = {
  'checks.evaluate': define('read', ['service', 'trust'], {
    summary: 'Evaluate blinded identifiers of one creator; the registry learns nothing about them.',
    input: z.strictObject({
      purpose: z.enum(purposes),
      epochs: z.array(epoch).min(1).max(2),
      blinded: z.array(b64u32).min(1).max(64),
      /** When the person proved control of the identifiers; required at signup, at most 24 h ago */
      provenAt: numericDate.optional(),
      /** The platform's own case id, by which a recall finds the person again */
      ref: ownRef.optional(),
    }),
    output: z.object({
      check: idSchema('chk'),
      evaluated: z.array(
        z.object({ epoch, elements: z.array(b64u32), proof: z.string().length(86) }),
      ),
    }),
  }),
  'checks.match': define('read', ['service', 'trust'], {
    summary: 'Ask for the open sanctions behind tokens of one creator.',
    input: z.strictObject({
      check: idSchema('chk'),
      tokens: z
        .array(z.strictObject({ epoch, token: b64u32 }))
        .min(1)
        .max(64),
    }),
    output: z.object({
      validUntil: timestamp,
      matches: z.array(matchSchema),
      advice: z.enum(advices),
      soleBasisProhibited: z.literal(true),
      pad: z.string().optional(),
    }),
  }),
  'checks.report': define('mutation', ['service', 'trust'], {
    summary: 'Report the outcome of a match; a refusal needs a trust key, a review and a notice.',
    input: z.strictObject({
      outcomes: z
        .array(
          z.strictObject({
            match: idSchema('mat'),
            outcome: z.enum(outcomes),
            /** Required for refused and admitted-with-safeguards, at least 10 min after the match */
            reviewedAt: numericDate.optional(),
            /** Required for refused and admitted-with-safeguards: when the creator was told */
            noticeSentAt: numericDate.optional(),
            /** The platform's own case id; replaces the one of the check */
            ref: ownRef.optional(),
          }),
        )
        .min(1)
        .max(64),
    }),
    output: z.object({ recorded: z.int().min(0) }),
  }),
  'checks.owed': define('read', ['service', 'trust'], {
    summary: 'List matches whose outcome is owed, the oldest first.',
    input: z.strictObject(page),
    output: z.object({
      owed: z.array(
        z.object({
          match: idSchema('mat'),
          sanction: idSchema('snc'),
          check: idSchema('chk'),
          purpose: z.enum(purposes),
          /** The advice that the match was last answered with: without `review` nobody is refused */
          advice: z.enum(advices).exclude(['no-record']),
          toldAt: timestamp,
          dueAt: timestamp,
          outcome: z.enum(outcomes).optional(),
          /** The platform's own case id */
          ref: z.string().optional(),
        }),
      ),
      next: nextCursor,
    }),
  }),
};
