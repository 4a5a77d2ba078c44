import { z } from 'zod';
import { reviewIdSchema } from '../appeal.ts';
import { b64u32, compactJws, timestamp } from '../schemas.ts';
import { maxEvidenceItems } from '../statement.ts';
import { deliveredClassNames } from '../taxonomy/index.ts';
import { idSchema } from '../typeid.ts';
import { define } from './define.ts';

const item = z
  .int()
  .min(0)
  .max(maxEvidenceItems - 1);

/** The state of one item of evidence: delivered, to how many reviewers, or rejected. */
export const evidenceState = z.object({
  item,
  class: z.enum(deliveredClassNames),
  commitment: b64u32,
  /** Every reviewer on the case can open it */
  delivered: z.boolean(),
  rejected: z.enum(['illegal-media', 'third-party-data', 'mismatch']).optional(),
  /** A reviewer says that it does not fit, and another one has to look */
  disputed: z.boolean().optional(),
});
export type EvidenceState = z.infer<typeof evidenceState>;

/** Characters of base64url, as every member of a JWE is. */
const base64url = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[A-Za-z0-9_-]*$/);

/** RFC 7516, section 7.2.1: one ciphertext, a wrapped key for each reviewer. */
export const generalJweSchema = z.strictObject({
  protected: base64url(512),
  iv: base64url(32),
  ciphertext: base64url(5_700_000).min(1),
  tag: base64url(32),
  recipients: z
    .array(
      z.strictObject({
        header: z.strictObject({
          alg: z.literal('ECDH-ES+A256KW'),
          /** RFC 7638 thumbprint of the claim's key */
          kid: b64u32,
          epk: z.strictObject({
            kty: z.literal('EC'),
            crv: z.literal('P-256'),
            x: b64u32,
            y: b64u32,
          }),
        }),
        encrypted_key: base64url(128),
      }),
    )
    .min(1)
    .max(4),
});
export type GeneralJwe = z.infer<typeof generalJweSchema>;

/** A second reviewer's finding with the key of the first: `does-not-open` where the key opens nothing. */
export const disputeAnswers = ['fits', 'does-not-fit', 'does-not-open'] as const;
export type DisputeAnswer = (typeof disputeAnswers)[number];
/** Void: the first reviewer was wrong, or showed nothing. Moot: the item was destroyed, or the appeal closed. */
export const disputeEnds = ['void', 'mismatch', 'moot'] as const;
export type DisputeEnd = (typeof disputeEnds)[number];

/** An appeal or an inspection that evidence is delivered for */
const appeal = reviewIdSchema;
const reviewer = ['reviewer'] as const;

/** Evidence, from its delivery to its confirmation or destruction. */
export const evidenceOps = {
  'evidence.deliver': define('mutation', ['service', 'trust'], {
    summary: 'Deliver one item of evidence, sealed to every reviewer on the case.',
    input: z.strictObject({ appeal, item, jwe: generalJweSchema }),
    output: z.object({
      appeal,
      received: z.int().min(0),
      missing: z.array(item),
      /** Appeals that it serves: others of a batch commit to the same item */
      serves: z.int().min(1),
    }),
  }),
  'evidence.open': define('read', reviewer, {
    summary: 'Read one delivered item of a case that you took, as it was sealed.',
    input: z.strictObject({ appeal, item }),
    output: z.object({
      item,
      class: z.enum(deliveredClassNames),
      commitment: b64u32,
      jwe: generalJweSchema,
    }),
  }),
  'evidence.confirm': define('mutation', reviewer, {
    summary: 'Confirm that every delivered item opens and fits its commitment in the statement.',
    input: z.strictObject({ appeal }),
    output: z.object({ appeal, confirmedAt: timestamp }),
  }),
  'evidence.reject': define('mutation', reviewer, {
    summary:
      'Destroy an item that nobody may hold; the submitter has three days to deliver a fit one.',
    input: z.strictObject({ appeal, item, why: z.enum(['illegal-media', 'third-party-data']) }),
    output: z.object({ appeal, evidenceDueAt: timestamp }),
  }),
  'evidence.dispute': define('mutation', reviewer, {
    summary:
      'Report an item that does not fit its commitment, with the key that opens it; another reviewer looks again.',
    input: z.strictObject({
      appeal,
      item,
      /** The content encryption key of its JWE (RFC 7516, section 2), 32 bytes */
      contentKey: b64u32,
    }),
    output: z.object({ appeal, item }),
  }),
  'evidence.recheck': define('mutation', reviewer, {
    summary: 'Be assigned the oldest disputed item of a record that is new to you.',
    input: z.strictObject({}),
    output: z.object({ appeal, item, sanction: idSchema('snc') }),
  }),
  'evidence.disputed': define('read', reviewer, {
    summary:
      'Read a disputed item that you were assigned, as it was sealed, with the key that opens it.',
    input: z.strictObject({ appeal, item }),
    output: z.object({
      item,
      class: z.enum(deliveredClassNames),
      statement: z.string(),
      /** Of a home reversal: it commits to the complaint */
      withdrawal: compactJws.optional(),
      jwe: generalJweSchema,
      contentKey: b64u32,
    }),
  }),
  'evidence.settle': define('mutation', reviewer, {
    summary:
      'Settle a disputed item: it fits and is confirmed, or it does not fit and is delivered once more.',
    input: z.strictObject({ appeal, item, says: z.enum(disputeAnswers) }),
    output: z.object({
      appeal,
      item,
      closedAs: z.enum(disputeEnds),
      /** The submitter has until then for one that fits */
      evidenceDueAt: timestamp.optional(),
      recalls: z.int().min(0),
    }),
  }),
};
