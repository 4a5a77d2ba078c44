import { z } from 'zod';
import {
  appealGrounds,
  confirmedCauses,
  decidedCauses,
  decisionOutcomes,
  inspectionOutcomes,
  reviewIdSchema,
  type ReviewId,
} from '../appeal.ts';
import { challengeGrounds, inspectionReasons } from '../panel.ts';
import { b64u32, compactJws, numericDate, timestamp } from '../schemas.ts';
import { reasonCodes } from '../taxonomy/index.ts';
import { idSchema } from '../typeid.ts';
import { nextCursor, page } from './common.ts';
import { define } from './define.ts';
import { evidenceState } from './evidence.ts';

/** Words of a person to a person: lines are kept, nothing that turns or hides text. */
export const words = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^(?:[^\p{Cc}\p{Bidi_Control}]|[\n\t])+$/u);

/** Characters of a text of an appeal, at most. */
export const maxWords = 4000;

/** The state of an appeal. All but `open` are closed. */
export const appealStates = [
  'open',
  'decided',
  'withdrawn',
  'undelivered',
  'undecided',
  'conceded',
  'restored',
] as const;

/** An appeal as every side sees it: never its words. */
export const appealRecord = z.object({
  appeal: idSchema('apl'),
  sanction: idSchema('snc'),
  ground: z.enum(appealGrounds),
  state: z.enum(appealStates),
  openedAt: timestamp,
  /** A reviewer takes it by then; what nobody took in time is assigned first, and counted */
  claimDueAt: timestamp,
  /** Deadline of an appeal about speech: relief that nobody decided by then is granted */
  reliefDueAt: timestamp.optional(),
  /** Deadline of the submitter; none while nobody has a key to seal evidence to, and none once all is delivered */
  evidenceDueAt: timestamp.optional(),
  /** Overdue, the record answers no check */
  decisionDueAt: timestamp,
  /** Not decided by then, the record ends */
  undecidedAt: timestamp,
  /** Whether an earlier decision bound every way in: a late decision then neither suspends nor ends the record */
  bound: z.boolean(),
  /** How many of its reviewers worked for a platform that was told, in the 24 months before they took it; none: absent */
  toldReviewers: z.int().min(1).optional(),
  /** How many of its reviewers decided about the record before, since nobody new was left: two sit then; none: absent */
  reviewersAgain: z.int().min(1).optional(),
  closedAt: timestamp.optional(),
  outcome: z.enum(decisionOutcomes).optional(),
  cause: z.string().max(40).optional(),
  /** The dismissed appeal that another reviewer looks at again */
  reopens: idSchema('apl').optional(),
  /** When the submitter answered that it stands by the record */
  respondedAt: timestamp.optional(),
});
export type AppealRecord = z.infer<typeof appealRecord>;

/** The state of an inspection. All but `open` are closed. `lifted`: the suspension that it was opened for is over. */
export const inspectionStates = [
  'open',
  'decided',
  'undecided',
  'undelivered',
  'ended',
  'lifted',
] as const;

/** The examination of a record that nobody appealed, or of a decision that is made again. */
export const inspectionRecord = z.object({
  inspection: idSchema('itm'),
  sanction: idSchema('snc'),
  why: z.enum(inspectionReasons),
  state: z.enum(inspectionStates),
  openedAt: timestamp,
  /** Over then without an outcome, but for a record of a suspended platform */
  dueAt: timestamp,
  /** Deadline of the submitter; none while nobody has a key to seal evidence to, and none once all is delivered */
  evidenceDueAt: timestamp.optional(),
  closedAt: timestamp.optional(),
  outcome: z.enum(inspectionOutcomes).optional(),
  /** The cause of the reversal, where this reviewer confirmed it */
  cause: z.enum(confirmedCauses).optional(),
  /**
   * It answers `verify-identity` alone until somebody examined it: nobody did in time for a suspended platform, or it came
   * after a reversal
   */
  unexamined: z.literal(true).optional(),
  /** Of a relay, to its reviewer alone: what became of the record before */
  after: z
    .object({ outcome: z.enum(['reversed', 'finding']), cause: z.enum(decidedCauses) })
    .optional(),
});
export type InspectionRecord = z.infer<typeof inspectionRecord>;

/** The id of a review by which its evidence, its assignments and its decision go. */
export const reviewIdOf = (
  review: Pick<AppealRecord, 'appeal'> | Pick<InspectionRecord, 'inspection'>,
): ReviewId => ('inspection' in review ? review.inspection : review.appeal);

/**
 * A question of the reviewer to the creator. A gist tells the creator the evidence in short, so that they can answer
 * it.
 */
export const questionRecord = z.object({
  question: idSchema('qst'),
  kind: z.enum(['question', 'gist']),
  text: z.string(),
  askedAt: timestamp,
  answerDueAt: timestamp,
});

/** As reviewer and submitter read it. */
export const answeredRecord = z.object({
  ...questionRecord.shape,
  /** When everybody had answered whom it was put to */
  answeredAt: timestamp.optional(),
  /** Each answers for themselves */
  answers: z.array(z.object({ claimant: z.int().min(1), at: timestamp, text: z.string() })),
});

/** One who joined the appeal, by number, with their ground and their words. */
export const joinedRecord = z.object({
  claimant: z.int().min(1),
  ground: z.enum(appealGrounds),
  /** None of the ground that the appeal was opened on: they stand with the appeal */
  words: z.string().optional(),
  at: timestamp,
});

/** Work that a submitter owes */
const owed = {
  /** `recourse-claim+jwt` of every reviewer on the case */
  claims: z.array(z.string()),
  evidence: z.array(evidenceState),
};
const appeal = idSchema('apl');
/** The own record that a list speaks of, by its reason and the platform's own case id */
export const namedRecord = { reason: z.enum(reasonCodes), ref: z.string().optional() };

/** Appeals as the parties of a record see them. */
export const appealOps = {
  'appeals.list': define('read', ['service', 'trust'], {
    summary:
      'List appeals against your sanctions, the newest first, and the open inspections of them.',
    input: z.strictObject({ ...page, open: z.boolean().optional() }),
    output: z.object({
      appeals: z.array(z.object({ ...appealRecord.shape, ...namedRecord })),
      /** On the first page: all that are open, the oldest first, a hundred at most */
      inspections: z.array(z.object({ ...inspectionRecord.shape, ...namedRecord })),
      next: nextCursor,
    }),
  }),
  'appeals.get': define('read', ['service', 'trust'], {
    summary:
      'Read one appeal or inspection: what you owe, and the keys to seal evidence to. Trust keys read the words.',
    input: z.strictObject({ appeal: reviewIdSchema }),
    output: z.union([
      z.object({
        ...appealRecord.shape,
        ...owed,
        words: z.string().optional(),
        /** News in a later appeal */
        news: z.string().optional(),
        /** Every ground, and for trust keys the words */
        joined: z.array(joinedRecord),
        questions: z.array(answeredRecord),
        response: z.object({ at: timestamp, text: z.string().optional() }).optional(),
      }),
      z.object({ ...inspectionRecord.shape, ...owed }),
    ]),
  }),
  'appeals.respond': define('mutation', ['trust'], {
    summary: 'Stand by a sanction under appeal, or concede: it ends, and counts as a reversal.',
    input: z.strictObject({
      appeal,
      /** To stand by it, in words for the reviewer and the creator */
      stand: z.strictObject({ text: words(maxWords) }).optional(),
      /** To concede: `recourse-withdrawal+jwt` */
      concede: compactJws.optional(),
    }),
    output: z.object({ appeal, state: z.enum(appealStates), recalls: z.int().min(0) }),
  }),
  'subjects.ticket': define('mutation', ['trust'], {
    summary:
      'Vouch that the person behind a request controls an account of your domain, or an IBAN, so that they find their cases.',
    input: z.strictObject({
      kind: z.enum(['account', 'iban']),
      /** An account that names your registered domain, or an IBAN; it is not kept */
      identifier: z.string().min(3).max(512),
      /** Of an IBAN: your check of the last hour that asked about it, and stated a proof of the last 24 hours */
      check: idSchema('chk').optional(),
      /** H of the secret made in the creator's browser */
      request: b64u32,
    }),
    output: z.object({ expiresAt: timestamp }),
  }),
  'subjects.challenge': define('mutation', ['trust'], {
    summary:
      'Report that an identifier changed hands; reviewers decide whether it leaves the records that you matched.',
    input: z.strictObject({
      token: b64u32,
      epoch: z.int().min(1).max(0xffff_ffff),
      ground: z.enum(challengeGrounds),
      /** Since when it is somebody else's: after its control was proven for the record */
      date: numericDate,
    }),
    output: z.object({
      items: z.array(
        z.object({ item: idSchema('itm'), sanction: idSchema('snc'), dueAt: timestamp }),
      ),
    }),
  }),
};
