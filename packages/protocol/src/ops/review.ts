import { z } from 'zod';
import {
  appealGrounds,
  decisionOutcomes,
  inspectionOutcomes,
  mostEarlierDecisions,
  reviewIdSchema,
} from '../appeal.ts';
import { claimantWays } from '../claimants.ts';
import { b64u32, compactJws, language, timestamp } from '../schemas.ts';
import { identifierKinds } from '../identifiers/kinds.ts';
import { controls } from '../subject-tree.ts';
import { reasonCodes } from '../taxonomy/index.ts';
import { idSchema } from '../typeid.ts';
import {
  appealRecord,
  answeredRecord,
  appealStates,
  inspectionRecord,
  joinedRecord,
  maxWords,
  words,
} from './appeals.ts';
import { define } from './define.ts';
import { evidenceState } from './evidence.ts';

const reviewer = ['reviewer'] as const;

const appeal = idSchema('apl');

const keyed = z.boolean();
/** What a list says of an own assignment */
const assignment = {
  claimedAt: timestamp,
  keyed,
  batch: reviewIdSchema,
  /** Of a case that was taken, so that nobody chooses among those that were not */
  about: z.object({ reason: z.enum(reasonCodes), platform: idSchema('plt') }).optional(),
};

const files = z.array(
  z.object({
    claimant: z.int().min(1),
    file: z.int(),
    name: z.string(),
    mediaType: z.string(),
    bytes: z.int(),
  }),
);
/** Words of claimants and submitter, as a reviewer reads them */
const appealWords = {
  ground: z.enum(appealGrounds),
  language,
  words: z.string(),
  /** News in a later appeal */
  news: z.string().optional(),
  joined: z.array(joinedRecord),
  information: z.array(z.object({ claimant: z.int().min(1), at: timestamp, text: z.string() })),
  files,
  questions: z.array(answeredRecord),
  response: z.object({ at: timestamp, text: z.string().optional() }).optional(),
};
/** All of one assignment: up to fifty appeals that rest on the same evidence. One key is for all of them */
const batch = z.array(reviewIdSchema);
/** Identifiers of the record, by their places in the statement: no token and no identifier */
const judgedSubjects = z.array(
  z.object({
    index: z.int(),
    kind: z.enum(identifierKinds),
    control: z.enum(controls),
    /** A decision took it out of the record */
    detachedAt: timestamp.optional(),
  }),
);
/** Decisions of others, without the record */
const earlier = z
  .array(
    z.object({
      outcome: z.enum(decisionOutcomes),
      cause: z.string().max(40).optional(),
      ground: z.enum(appealGrounds),
      decidedAt: timestamp,
    }),
  )
  .max(mostEarlierDecisions);
/** Facts that a reviewer judges by, whatever it is that they judge */
const judged = {
  reason: z.enum(reasonCodes),
  statement: z.string(),
  account: z.string(),
  evidence: z.array(evidenceState),
  confirmedAt: timestamp.optional(),
  batch,
  subjects: judgedSubjects,
  /** In which the submitter registered: that of its evidence, unless it delivers another */
  evidenceLanguage: language,
  /** The newest decisions of 365 days on the same reason, about other records: never one on this record */
  earlier,
};

/** Acts of reviewers. */
export const reviewOps = {
  'review.queue': define('read', reviewer, {
    summary: 'List your assignments, and count the cases that you could take.',
    input: z.strictObject({}),
    output: z.object({
      claims: z.array(
        z.union([
          z.object({ ...appealRecord.shape, ...assignment }),
          z.object({ ...inspectionRecord.shape, ...assignment }),
        ]),
      ),
      waiting: z.object({
        eligible: z.int().min(0),
        all: z.int().min(0),
        /** That a reviewer should have taken already */
        overdue: z.int().min(0),
        oldest: timestamp.optional(),
      }),
    }),
  }),
  'review.claim': define('mutation', reviewer, {
    summary:
      'Without a claim: be assigned the case that is due first. With one: take that case with a fresh key.',
    input: z.strictObject({
      /** `recourse-claim+jwt`, by the caller's own key, once a case was assigned */
      claim: compactJws.optional(),
    }),
    output: z.union([
      z.object({ ...appealRecord.shape, keyed, language, batch }),
      z.object({ ...inspectionRecord.shape, keyed, batch }),
    ]),
  }),
  'review.get': define('read', reviewer, {
    summary:
      'Read a case that you took: statement, account, evidence, the appeal and its words, but no earlier decision on this record.',
    input: z.strictObject({ appeal: reviewIdSchema }),
    output: z.union([
      z.object({
        ...appealRecord.shape,
        ...judged,
        ...appealWords,
        /** Two reviewers decide this one, blind to each other; a third where serial reversals were not confirmed */
        reviewers: z.int().min(1).max(3),
        /** The record had ended when the appeal was opened, or has since: the decision is a finding */
        onEnded: z.boolean(),
        /** Ways by which each came: the more identifiers they proved, the likelier it is them */
        claimants: z.array(
          z.object({
            claimant: z.int().min(1),
            ways: z.array(
              z.object({
                way: z.enum(claimantWays),
                /** Proves the identifier: by any other way the accuser or a friend may have come */
                proven: z.boolean(),
                place: z.int().min(0).max(7).optional(),
                provenAt: timestamp,
                /** Since when they say that the phone number is theirs; who says so reads no gist */
                numberSince: z.iso.date().optional(),
              }),
            ),
          }),
        ),
        /** How many others appeal whom nobody reads, since many came by one way: the decision does not bind them */
        unread: z.int().min(0),
        relievedUntil: timestamp.optional(),
      }),
      z.object({
        ...inspectionRecord.shape,
        ...judged,
        /** Of a home reversal: the signed withdrawal, which commits to the complaint */
        withdrawal: compactJws.optional(),
        /** The appeal whose decision is made again */
        again: z.object(appealWords).optional(),
      }),
    ]),
  }),
  'review.file': define('read', reviewer, {
    summary: 'Read a file that the creator added to a case that you took.',
    input: z.strictObject({ appeal: reviewIdSchema, file: z.int().min(0) }),
    output: z.object({ name: z.string(), mediaType: z.string(), bytes: z.string() }),
  }),
  'review.ask': define('mutation', reviewer, {
    summary:
      'Ask the creator, or tell them the gist of the evidence; they have ten days. Three rounds of ten, until day 30.',
    input: z.strictObject({
      appeal,
      kind: z.enum(['question', 'gist']),
      text: words(maxWords),
      /** The claimant to ask alone, by their number in `review.get`; else everybody who appeals. A gist is for all */
      claimant: z.int().min(1).optional(),
    }),
    output: z.object({
      question: idSchema('qst'),
      answerDueAt: timestamp,
      decisionDueAt: timestamp,
    }),
  }),
  'review.decide': define('mutation', reviewer, {
    summary: 'Decide an appeal or inspection that you took, by a signed decision and its reasons.',
    input: z.strictObject({
      /** `recourse-decision+jwt`, by the caller's own key */
      decision: compactJws,
      reasons: z.strictObject({
        text: words(20_000),
        /** The tie between this creator and the evidence, or that there is none: in a batch, each decision says so */
        tie: words(maxWords).optional(),
        salt: b64u32,
      }),
    }),
    output: z.object({
      appeal: reviewIdSchema,
      /** Another reviewer decides too, and neither is told how the other did */
      state: z.enum([...appealStates, 'awaiting-another']),
      outcome: z.enum([...decisionOutcomes, ...inspectionOutcomes]).optional(),
      recalls: z.int().min(0),
    }),
  }),
  'review.relieve': define('mutation', reviewer, {
    summary:
      'Suspend the sanction for at most 14 days; or, with null, refuse relief before time grants it.',
    input: z.strictObject({ appeal, until: timestamp.nullable() }),
    output: z.object({ appeal, until: timestamp.nullable(), recalls: z.int().min(0) }),
  }),
  'review.recuse': define('mutation', reviewer, {
    summary:
      'Give an assigned case back for somebody else: five in 30 days, more once an admin excuses you.',
    input: z.strictObject({
      appeal: reviewIdSchema,
      why: z.enum(['affiliation', 'acquaintance', 'language', 'workload', 'other-conflict']),
    }),
    output: z.object({ appeal: reviewIdSchema }),
  }),
  'review.excuse': define('mutation', reviewer, {
    admin: true,
    summary:
      'Let another reviewer have cases again after three lapses, or give back more than five: the counts begin anew.',
    input: z.strictObject({ holder: idSchema('hld') }),
    output: z.object({ holder: idSchema('hld') }),
  }),
};
