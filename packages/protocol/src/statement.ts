import { z } from 'zod';
import {
  actions,
  evidenceClassNames,
  gravities,
  reasonCodes,
  taxonomyVersion,
} from './taxonomy/index.ts';
import { b64u32, numericDate } from './schemas.ts';
import { idSchema } from './typeid.ts';

/** The age of the person, as the submitter knows it. */
export const ages = ['adult', 'unknown', 'minor'] as const;
/** Attestations of the submitter: no authority asked for the record, and it looked for a takeover of the account. */
export const attestations = ['no-authority', 'no-takeover'] as const;
/** Items of evidence of a statement, at most. */
export const maxEvidenceItems = 16;

/** One item of evidence: its class, how many it counts for, and its commitment. */
export const evidenceItemSchema = z.strictObject({
  class: z.enum(evidenceClassNames),
  count: z.int().min(1).max(1_000_000).optional(),
  commitment: b64u32,
});
export type EvidenceItem = z.infer<typeof evidenceItemSchema>;

/** Number in the registry's published list of trusted flaggers: a number, so that it carries no text. */
export const flaggerId = z.string().regex(/^tf-\d{4}$/);

const originSchema = z.union([
  z.enum(['own-detection', 'user-report', 'authority-request']),
  z.strictObject({ 'trusted-flagger': flaggerId }),
]);

/**
 * `recourse-sanction+jwt`: a platform's signed statement that it acted against a creator for one reason.
 *
 * A platform that matches reads it whole. So every member is an enum, a number, a time, an id or a hash: no text of the
 * submitter's choosing reaches another platform. `authority-request` and `machine` parse so that they can be refused by
 * name.
 */
export const sanctionStatementSchema = z.strictObject({
  iss: idSchema('plt'),
  aud: z.string(),
  jti: idSchema('snc'),
  iat: numericDate,
  exp: numericDate,
  taxonomy: z.literal(taxonomyVersion),
  reason: z.enum(reasonCodes),
  action: z.enum(actions),
  decided_at: numericDate,
  incident_from: numericDate,
  incident_to: numericDate,
  subjects: b64u32,
  evidence: z.array(evidenceItemSchema).min(1).max(maxEvidenceItems),
  policy: z.int().min(0).max(255),
  decided_by: z.enum(['human', 'machine']),
  origin: originSchema,
  attest: z.array(z.enum(attestations)).max(attestations.length),
  age: z.enum(ages),
  gravity: z.enum(gravities).optional(),
  account: b64u32,
});
export type SanctionStatement = z.infer<typeof sanctionStatementSchema>;

/** `recourse-subjects+jwt`: the same subjects under the tokens of a new epoch. */
export const subjectsUpdateSchema = z.strictObject({
  iss: idSchema('plt'),
  sub: idSchema('snc'),
  epoch: z.int().min(1).max(0xffff_ffff),
  subjects: b64u32,
  iat: numericDate,
});
export type SubjectsUpdate = z.infer<typeof subjectsUpdateSchema>;

/** The causes of a withdrawal. `victim`: somebody impersonated the person of the record, or took their account over. */
export const withdrawalCauses = [
  'error',
  'mistaken-identity',
  'victim',
  'home-reversal',
  'settled',
] as const;
export type WithdrawalCause = (typeof withdrawalCauses)[number];
/** Who lifted a measure at its platform. */
export const liftedBy = ['complaint-desk', 'out-of-court-body', 'court'] as const;
export type LiftedBy = (typeof liftedBy)[number];
/** `recourse-withdrawal+jwt`: the submitter ends its own sanction. */
export const withdrawalSchema = z.strictObject({
  iss: idSchema('plt'),
  aud: z.string(),
  sub: idSchema('snc'),
  cause: z.enum(withdrawalCauses),
  /** Of a home reversal: within 72 hours it is apart from what counts, and a reviewer may ask for the complaint */
  lifted: z
    .strictObject({
      at: numericDate,
      by: z.enum(liftedBy),
      /** The commitment to the complaint, or to the ruling, as to an item of evidence */
      complaint: b64u32,
    })
    .optional(),
  iat: numericDate,
});
export type Withdrawal = z.infer<typeof withdrawalSchema>;

/** How evidence is the platform's own: collected after it was told of the other record, or without knowing of it. */
export const ownEvidenceBases = ['later', 'independent'] as const;

/** Derived records that one call confirms. */
export const mostConfirmations = 50;

/** `recourse-echo+jwt`: the submitter confirms a derived record with evidence that it collected itself. */
export const derivedConfirmationSchema = z.strictObject({
  iss: idSchema('plt'),
  aud: z.string(),
  sub: idSchema('snc'),
  evidence: z
    .array(
      z.strictObject({
        ...evidenceItemSchema.shape,
        collected_at: numericDate,
        basis: z.enum(ownEvidenceBases),
      }),
    )
    .min(1)
    .max(maxEvidenceItems),
  iat: numericDate,
});
export type DerivedConfirmation = z.infer<typeof derivedConfirmationSchema>;
