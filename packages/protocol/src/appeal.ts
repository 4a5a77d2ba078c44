import { z } from 'zod';
import { b64u32, numericDate } from './schemas.ts';
import { reasonCodes, reasons, type ReasonCode } from './taxonomy/index.ts';
import { subjectLeaves } from './subject-tree.ts';
import { idSchema } from './typeid.ts';

/** Why a creator says that a record about them is wrong. */
export const appealGrounds = [
  'not-me',
  'recycled',
  'facts-wrong',
  'wrong-reason',
  'disproportionate',
  'expression',
  'authority',
  'minor',
  'procedure',
] as const;
export type AppealGround = (typeof appealGrounds)[number];

/** Grounds that put in doubt whether this is the person, or the act: the reason is not told meanwhile. */
const doubtful: ReadonlySet<AppealGround> = new Set(['not-me', 'recycled', 'facts-wrong']);
/**
 * Whether a check is answered without the reason until evidence has been delivered and confirmed. Codes with
 * a person to protect keep theirs.
 */
export const withholdsReason = (ground: AppealGround, reason: ReasonCode): boolean =>
  doubtful.has(ground) && !reasons[reason].keepsReasonWhenDisputed;

/**
 * The ground `expression` on a code next to speech: the act may have been reporting, comment, research or pseudonymity.
 * On other codes it is a ground like any other.
 */
export const isSpeech = ({
  ground,
  reason,
}: {
  ground: AppealGround;
  reason: ReasonCode;
}): boolean => ground === 'expression' && reasons[reason].speechAdjacent;

/** Relief is decided at once, and granted if late: of speech, but of bulk messages not. */
export const owesRelief = (appeal: { ground: AppealGround; reason: ReasonCode }): boolean =>
  isSpeech(appeal) && appeal.reason !== 'network.bulk-spam';

/** Two reviewers, blind to each other, decide these. */
export const needsTwoReviewers = (appeal: {
  reason: ReasonCode;
  age: 'adult' | 'unknown' | 'minor';
  ground: AppealGround;
}): boolean => reasons[appeal.reason].twoReviewers || appeal.age === 'minor' || isSpeech(appeal);

/** The outcomes of an appeal. */
export const decisionOutcomes = ['upheld', 'amended', 'reversed', 'dismissed', 'finding'] as const;
export type DecisionOutcome = (typeof decisionOutcomes)[number];

/** The outcomes of an inspection. `failed` is a reversal, `insufficient-evidence`. */
export const inspectionOutcomes = ['passed', 'failed'] as const;
export type InspectionOutcome = (typeof inspectionOutcomes)[number];

/** The id of a review: of an appeal, or of an inspection. */
export const reviewIdSchema = z.union([idSchema('apl'), idSchema('itm')]);
export type ReviewId = z.infer<typeof reviewIdSchema>;

/** Outcomes of which one reviewer does not make a long series alone: those that take from a record, and a dismissal. */
export const serialOutcomes = [
  'reversed',
  'amended',
  'finding',
  'dismissed',
] as const satisfies DecisionOutcome[];

/**
 * How many records one reviewer may decide so on their own word: within 24 hours, and of one group within `groupDays`. Of
 * any more another confirms it.
 */
export const mostAlone = { inADay: 10, ofGroup: 30, groupDays: 30 } as const;

/** How many earlier decisions on the same reason a reviewer reads beside a case: no reading in bulk. */
export const mostEarlierDecisions = 5;

/** The causes for which a reviewer reverses a record, on the merits: no deadline, no concession and no stolen key is one. */
export const decidedCauses = [
  'error',
  'mistaken-identity',
  'victim',
  'disproportionate',
  'expression',
  'authority-origin',
  'minor',
  'insufficient-evidence',
] as const;
/**
 * The causes that stop a group. Two reviewers have to name the same one, blind to each other, or a single vote would stop
 * it. The record ends at the first vote, as an `error`; a second confirms the cause within {@link causeDays}.
 */
export const confirmedCauses = ['expression', 'authority-origin'] as const;
export type ConfirmedCause = (typeof confirmedCauses)[number];
export const causeDays = 10;

/** Every cause of a reversal: those of reviewers, and those of a deadline, a concession or a stolen key. */
export const reversalCauses = [
  ...decidedCauses,
  'evidence-not-delivered',
  'evidence-mismatch',
  'conceded',
  'key-compromise',
] as const;
export type ReversalCause = (typeof reversalCauses)[number];

const decided = {
  iss: z.literal('panel'),
  aud: z.string(),
  sub: idSchema('snc'),
  /** {@link reasonsCommitment} */
  reasons: b64u32,
  iat: numericDate,
};

/** `recourse-decision+jwt`: the reviewer's signed answer to an appeal. */
export const appealDecisionSchema = z.strictObject({
  ...decided,
  appeal: idSchema('apl'),
  outcome: z.enum(decisionOutcomes),
  /** The cause of a reversal or a finding */
  cause: z.enum(decidedCauses).optional(),
  /** The lesser reason of an amendment */
  reason: z.enum(reasonCodes).optional(),
  /** The earlier expiry of an amendment */
  exp: numericDate.optional(),
  /** Leaves of subjects that no longer match, in an amendment */
  detach: z
    .array(
      z
        .int()
        .min(0)
        .max(subjectLeaves - 1),
    )
    .min(1)
    .max(subjectLeaves - 1)
    .optional(),
});
export type AppealDecision = z.infer<typeof appealDecisionSchema>;

/** The same artefact, of an inspection: whether the record stands. */
export const inspectionDecisionSchema = z.strictObject({
  ...decided,
  appeal: idSchema('itm'),
  outcome: z.enum(inspectionOutcomes),
  /** Of a decision that is made again, where it failed: why the record is wrong */
  cause: z.enum(decidedCauses).optional(),
});
export type InspectionDecision = z.infer<typeof inspectionDecisionSchema>;

/** `recourse-decision+jwt`, of an appeal or of an inspection. */
export const decisionSchema = z.union([appealDecisionSchema, inspectionDecisionSchema]);
export type Decision = z.infer<typeof decisionSchema>;

/** An ECDH P-256 public key (RFC 7518, section 6.2.1) that evidence is sealed to. */
export const sealingKeySchema = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: b64u32,
  y: b64u32,
});
export type SealingKey = z.infer<typeof sealingKeySchema>;

/** `recourse-claim+jwt`: a reviewer takes a case, with a fresh key to seal evidence to. */
export const claimSchema = z.strictObject({
  iss: z.literal('panel'),
  aud: z.string(),
  appeal: reviewIdSchema,
  key: sealingKeySchema,
  iat: numericDate,
});
export type Claim = z.infer<typeof claimSchema>;

/** A lesser reason: of the same family or not, it never lets a record live longer. */
export function isLesserReason(reason: ReasonCode, than: ReasonCode): boolean {
  const life = reasons[reason].longestLifeMonths;
  return reason !== than && life !== null && life <= (reasons[than].longestLifeMonths ?? 0);
}

/** `recourse-letter+jwt`: the registry says that a record about somebody was wrong, for them to show to others. */
export const letterSchema = z.strictObject({
  iss: z.string(),
  sub: idSchema('snc'),
  submitter: idSchema('plt'),
  submitterName: z.string(),
  outcome: z.enum(['reversed', 'withdrawn', 'undecided', 'finding']),
  cause: z.string().max(40),
  endedAt: numericDate,
  iat: numericDate,
});
export type Letter = z.infer<typeof letterSchema>;
