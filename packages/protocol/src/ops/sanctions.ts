import { z } from 'zod';
import { toldNumbers } from '../claimants.ts';
import { identifierKinds } from '../identifiers/kinds.ts';
import { writtenLanguage } from '../languages.ts';
import { b64u32, compactJws, numericDate, ownRef, timestamp } from '../schemas.ts';
import { mostConfirmations } from '../statement.ts';
import { subjectLeaves, subjectSchema } from '../subject-tree.ts';
import { reasonCodes } from '../taxonomy/index.ts';
import { idSchema } from '../typeid.ts';
import { appealRecord, words } from './appeals.ts';
import { define } from './define.ts';
import { nextCursor, page, sanctionResult, sanctionState } from './common.ts';

/** How a platform told the creator itself. */
export const noticeChannels = ['email', 'sms', 'letter', 'in-person', 'web-message'] as const;
/** How the registry does. */
export const deliveryChannels = ['email', 'sms'] as const;
export type DeliveryChannel = (typeof deliveryChannels)[number];
/** What a report of a bounce brought about; it waits as `reported` until another holder reports it, too. */
export const bounceSteps = ['written-again', 'reported', 'undelivered'] as const;

/**
 * The result of a message. A mail server or gateway took it, or refused it, or none took it for 72 h. A message that
 * was taken may come back later.
 */
export const deliveryResults = ['taken', 'refused', 'unsent', 'bounced'] as const;
export type DeliveryResult = (typeof deliveryResults)[number];

const delivery = z.object({
  /** Leaf index of the subject */
  index: z.int(),
  channel: z.enum(deliveryChannels),
  /** `waiting` until a server took or refused it */
  state: z.enum(['waiting', ...deliveryResults]),
  at: timestamp.optional(),
});

const submission = z.strictObject({
  /** `recourse-sanction+jwt` by a trust key */
  statement: compactJws,
  tokens: z.array(subjectSchema).min(1).max(subjectLeaves),
  /** Commitments of the unused leaves, in the order of their places */
  padding: z.array(b64u32).max(subjectLeaves - 1),
  /** For the creator and the reviewer only: what was done, when, how it was found */
  account: z.strictObject({ text: z.string().min(1).max(2000), salt: b64u32 }),
  /** H of the case code that the SDK made */
  caseKey: b64u32,
  /** The submitter's own live sanction that network.ban-evasion evades */
  evades: idSchema('snc').optional(),
  /** The platform's own case id */
  ref: ownRef.optional(),
});
export type Submission = z.infer<typeof submission>;

/** A page of own records: those of one state, of one case of the platform's own, or one by its id. */
const whichRecords = {
  ...page,
  state: sanctionState.optional(),
  ref: ownRef.optional(),
  sanction: idSchema('snc').optional(),
};

const withoutNotice = z.object({ sanction: idSchema('snc'), at: timestamp });
/** Own records that ended for want of a notice in 365 days, and those that will: 50 of each at most. */
export const ownNotices = z.object({
  withdrawn: z.array(withoutNotice),
  due: z.array(withoutNotice),
});

const sanctionStatus = z.object({
  ...sanctionResult.shape,
  disputed: z.boolean(),
  expiresAt: timestamp,
});

const causeOfEnd = z.string().max(40);

/** A sanction, as its submitter reads it. */
export const sanctionRecord = z.object({
  ...sanctionResult.shape,
  disputed: z.boolean(),
  reason: z.enum(reasonCodes),
  statement: z.string(),
  submittedAt: timestamp,
  noticeDueAt: timestamp.optional(),
  visibleFrom: timestamp.optional(),
  /** Last moment at which a second holder can confirm a draft */
  lapsesAt: timestamp.optional(),
  /** Moment at which a colleague gave a draft back to its author */
  returnedAt: timestamp.optional(),
  /** Held, whatever its dates say, until fewer appeals on records of its group wait: see `parties.standing` */
  backlogged: z.literal(true).optional(),
  expiresAt: timestamp,
  endedAt: timestamp.optional(),
  cause: causeOfEnd.optional(),
  suspendedFor: z.array(z.string()),
  /** Of a derived record whose first record fell: from when it is suspended until it is confirmed */
  echoReview: z.object({ dueAt: timestamp }).optional(),
  /** As of Monday, so that nobody watches where somebody signs up; their names are for the creator */
  toldPlatforms: z.enum(toldNumbers),
  ref: z.string().optional(),
});
export type SanctionRecord = z.infer<typeof sanctionRecord>;

/** Sanctions, from submission to their end. */
export const sanctionOps = {
  'sanctions.submit': define('mutation', ['service', 'trust'], {
    summary: 'Record a sanction: a statement signed by a trust key, with its openings.',
    input: submission,
    output: z.object({ ...sanctionResult.shape, noticeDueAt: timestamp }),
  }),
  'sanctions.draft': define('mutation', ['service', 'trust'], {
    summary: 'Draft a submission for a second trust holder to confirm.',
    input: submission,
    output: z.object({ ...sanctionResult.shape, lapsesAt: timestamp }),
  }),
  'sanctions.confirm': define('mutation', ['trust'], {
    summary: 'Confirm drafts of another trust holder of the same platform; they become sanctions.',
    input: z.strictObject({ sanctions: z.array(idSchema('snc')).min(1).max(64) }),
    output: z.object({
      confirmed: z.array(z.object({ ...sanctionResult.shape, noticeDueAt: timestamp })),
    }),
  }),
  'sanctions.returnDraft': define('mutation', ['trust'], {
    summary:
      'Give a draft back to its author with a reason: it lapses at once, and bars no record.',
    input: z.strictObject({ sanction: idSchema('snc'), reason: words(500) }),
    output: sanctionResult,
  }),
  'sanctions.notify': define('mutation', ['trust'], {
    leavesMessages: true,
    summary: 'Have the registry write to every email address and phone number of a record.',
    input: z.strictObject({
      sanction: idSchema('snc'),
      language: writtenLanguage,
      /** Every email address and phone number among the subjects; kept sealed until a server took the message, 72 h at most */
      addresses: z.array(z.string().min(3).max(320)).min(1).max(subjectLeaves),
    }),
    output: z.object({
      ...sanctionResult.shape,
      noticeDueAt: timestamp.optional(),
      deliveries: z.array(delivery),
    }),
  }),
  'sanctions.stateNotice': define('mutation', ['trust'], {
    summary:
      'State that you told the creator in your product, because the registry could write to no address.',
    input: z.strictObject({
      sanction: idSchema('snc'),
      channel: z.enum(noticeChannels),
      language: writtenLanguage,
      sentAt: numericDate,
    }),
    output: z.object({ ...sanctionResult.shape, visibleFrom: timestamp }),
  }),
  'sanctions.bounced': define('mutation', ['operator'], {
    leavesMessages: true,
    summary:
      'Report a notice that came back: it is written once more. A second, reported by two holders, makes it undelivered.',
    input: z.strictObject({
      /** From the envelope, or as the SMS gateway got it */
      message: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
      /** The address or number that the report names */
      recipient: z.string().min(3).max(320),
    }),
    output: z.object({
      ...sanctionResult.shape,
      came: z.enum(bounceSteps),
    }),
  }),
  'sanctions.withdraw': define('mutation', ['trust'], {
    summary: 'Withdraw your sanction; every platform that was told gets a recall.',
    input: z.strictObject({ withdrawal: compactJws }),
    output: z.object({ ...sanctionResult.shape, recalls: z.int().min(0) }),
  }),
  'sanctions.confirmEcho': define('mutation', ['trust'], {
    summary:
      'Confirm your derived records, all or none, with your own evidence, after the record that they followed fell.',
    input: z.strictObject({
      confirmations: z.array(compactJws).min(1).max(mostConfirmations),
    }),
    output: z.object({ confirmed: z.array(z.object(sanctionResult.shape)) }),
  }),
  'sanctions.void': define('mutation', ['service', 'trust', 'operator'], {
    admin: true,
    summary:
      'End, in resumable steps, the sanctions that a compromised key signed since an instant.',
    input: z.strictObject({ kid: b64u32, since: numericDate }),
    output: z.object({ ended: z.array(idSchema('snc')), remaining: z.int().min(0) }),
  }),
  'sanctions.get': define('read', ['service', 'trust'], {
    summary: 'Read one of your sanctions with its history.',
    input: z.strictObject({ sanction: idSchema('snc') }),
    output: z.object({
      ...sanctionRecord.shape,
      /**
       * Draft for a trust key, which a second holder reads before confirming. The salt opens the statement's commitment
       */
      draft: z
        .object({
          account: submission.shape.account,
          draftedBy: z.string(),
          evades: idSchema('snc').optional(),
        })
        .optional(),
      /** Why a draft was given back, and by which holder; for trust keys. Empty once the words are erased */
      returned: z.object({ by: z.string(), reason: z.string() }).optional(),
      /** From the receipt of the notice until checks answer, while nobody has told of it */
      holdHours: z.number().min(0).optional(),
      subjects: z.array(
        z.object({
          index: z.int(),
          kind: z.enum(identifierKinds),
          matchesUntil: timestamp,
          /** From when it answers at all, and from when it answers `review`: a notice was delivered to it */
          answersFrom: timestamp.optional(),
          reviewFrom: timestamp.optional(),
        }),
      ),
      /** Messages that the registry wrote, to whom, and what came of them */
      deliveries: z.array(delivery),
      /** When the submitter says that it told the creator itself */
      noticeStatedAt: timestamp.optional(),
      history: z.array(
        z.object({ at: timestamp, event: z.string(), cause: causeOfEnd.optional() }),
      ),
      appeals: z.array(appealRecord),
      /** Recalls of all versions: how many platforms owe or owed one, and how many have acknowledged */
      recalls: z.object({ issued: z.int().min(0), acknowledged: z.int().min(0) }),
    }),
  }),
  'sanctions.list': define('read', ['service', 'trust'], {
    summary: 'List your sanctions, the newest first.',
    input: z.strictObject({
      ...whichRecords,
      /** Only drafts that a colleague gave back */
      returned: z.literal(true).optional(),
    }),
    output: z.object({
      sanctions: z.array(sanctionRecord.omit({ statement: true })),
      next: nextCursor,
    }),
  }),
  'sanctions.status': define('read', ['service', 'trust'], {
    summary: 'Read the state of a sanction that you were told of.',
    input: z.strictObject({ sanction: idSchema('snc') }),
    output: sanctionStatus,
  }),
  'sanctions.states': define('read', ['support'], {
    summary: 'List the states of your sanctions, the newest first, and nothing else about them.',
    input: z.strictObject(whichRecords),
    output: z.object({
      states: z.array(
        z.object({
          ...sanctionStatus.shape,
          /** The platform's own case id */
          ref: z.string().optional(),
        }),
      ),
      next: nextCursor,
    }),
  }),
};
