import { z } from 'zod';
import { appealGrounds } from '../appeal.ts';
import { identifierKinds } from '../identifiers/kinds.ts';
import { panelOutcomes } from '../panel.ts';
import { recallActions, recallKinds } from '../recall.ts';
import { b64u32, timestamp } from '../schemas.ts';
import { actions, evidenceClassNames, reasonCodes } from '../taxonomy/index.ts';
import { idSchema } from '../typeid.ts';
import { claimantWays, hiddenWhile, toldNumbers } from '../claimants.ts';
import { accessKinds, accessView } from './case-access.ts';
import { contactView } from './case-contact.ts';
import { appealRecord, inspectionRecord, questionRecord } from './appeals.ts';
import { toldPurposes } from '../taxonomy/purposes.ts';
import { outcomes } from './checks.ts';
import { sanctionState } from './common.ts';
import { trustExchange } from './matches.ts';
import { registrationSchema } from './parties.ts';

/** A platform that was told, with what it did: the creator knows by name who heard of them. */
const toldPlatform = z.object({
  party: idSchema('plt'),
  name: z.string(),
  toldAt: timestamp,
  purpose: z.enum(toldPurposes),
  outcome: z.enum(outcomes).optional(),
  recall: z
    .object({
      kind: z.enum(recallKinds),
      dueAt: timestamp,
      overdue: z.boolean(),
      action: z.enum(recallActions).optional(),
      acknowledgedAt: timestamp.optional(),
    })
    .optional(),
});

/** A closed question of one platform to the other, with a closed answer. */
const askedOfSubmitter = z.object({
  by: idSchema('plt'),
  name: z.string(),
  ...trustExchange,
});

/** The view of a case. Members are absent where the secret does not entitle to them. */
export const caseView = z.object({
  sanction: idSchema('snc'),
  /** `code`: by a code, which reads alone; else as which claimant */
  access: z.enum(['code', 'claimant', ...accessKinds]),
  /** Reason, account, evidence and what others wrote about them are not shown, and why: see `case.numberSince` */
  hidden: z.enum(hiddenWhile).optional(),
  /** How whoever asks came to the case; a representative, how those came whom they act for */
  ways: z
    .array(
      z.object({
        way: z.enum(claimantWays),
        /** Kind of the identifier; a code that the platform handed out has none */
        kind: z.enum(identifierKinds).optional(),
        /** Proves that identifier: by any other way the accuser or a friend may have come */
        proven: z.boolean(),
        at: timestamp,
        /** The last time that it was shown */
        provenAt: timestamp,
        /** Since when they say that the phone number is theirs */
        numberSince: z.iso.date().optional(),
      }),
    )
    .optional(),
  /** Thumbprint of the key that signs what this claimant gives up */
  signingKey: b64u32.optional(),
  submitter: z.object({
    party: idSchema('plt'),
    name: z.string(),
    domain: z.string(),
    complaints: z.string(),
    dataProtection: z.string(),
    /** Legal basis for what names a criminal offence */
    legalBasis: registrationSchema.shape.legalBasis,
  }),
  state: sanctionState,
  disputed: z.boolean(),
  submittedAt: timestamp,
  decidedAt: timestamp,
  visibleFrom: timestamp.optional(),
  expiresAt: timestamp,
  endedAt: timestamp.optional(),
  endCause: z.string().max(40).optional(),
  suspendedFor: z.array(z.string()),
  /** It was made after its platform was told of another record, which fell: confirmed, or suspended until it is */
  echoReview: z
    .object({
      startedAt: timestamp,
      dueAt: timestamp,
      confirmedAt: timestamp.optional(),
    })
    .optional(),
  facts: z.object({
    /** This and what is optional below are absent while `hidden` */
    reason: z.enum(reasonCodes).optional(),
    action: z.enum(actions),
    incidentFrom: timestamp,
    incidentTo: timestamp,
    account: z.string().optional(),
    evidence: z.array(z.enum(evidenceClassNames)).optional(),
    subjects: z.array(z.enum(identifierKinds)),
    policy: z.string().optional(),
    /** The submitter says that it is about a minor, whose guardian may act */
    isMinor: z.literal(true).optional(),
  }),
  appeals: z.array(
    z.object({
      ...appealRecord.shape,
      /** All who joined it withdrew: until then any claimant may carry it on */
      withdrawnAt: timestamp.optional(),
      /** Withdrawals from it, since when or from when; one that nobody signed waits, and can be taken back */
      withdrawals: z.array(z.object({ own: z.boolean(), signed: z.boolean(), at: timestamp })),
      /** Whether whoever asks opened or joined it */
      joined: z.boolean(),
      /** Words they joined it with, beside those that opened it */
      added: z.array(z.object({ ground: z.enum(appealGrounds), words: z.string(), at: timestamp })),
      /** They withdrew; others may carry it on */
      withdrew: z.boolean(),
      /** Their own; of what others wrote nobody reads */
      words: z.string().optional(),
      news: z.string().optional(),
      response: z.object({ at: timestamp, text: z.string().optional() }).optional(),
      reasons: z.string().optional(),
      /** Each with what they answered themselves */
      questions: z.array(z.object({ ...questionRecord.shape, answer: z.string().optional() })),
      files: z.array(z.object({ name: z.string(), bytes: z.int() })),
      /** How many more they may add now: by a proven way, and whenever a reviewer asks */
      filesLeft: z.int().min(0),
      /** They joined, and the reviewer read or told them nothing: the decision does not bind them */
      unheard: z.literal(true).optional(),
    }),
  ),
  /** Reviewers who examine, or examined, the record without anybody having asked for it */
  inspections: z.array(
    z.object({
      ...inspectionRecord.shape,
      /** For claimants: of the reviewer */
      reasons: z.string().optional(),
    }),
  ),
  /** Requests of claimants: the identifiers that each proved, then the rest with the last of them */
  erasures: z.array(
    z.object({
      own: z.boolean(),
      signed: z.boolean(),
      requestedAt: timestamp,
      notBefore: timestamp,
    }),
  ),
  /** The words and files of the case, its tokens and the evidence are erased already */
  textsErasedAt: timestamp.optional(),
  /** Until when a new appeal may be opened; absent when none can be now */
  mayAppealUntil: timestamp.optional(),
  /** A new appeal has to say what is new */
  needsNews: z.boolean().optional(),
  /** The last appeal was dismissed: another reviewer may be asked to look at it, once */
  mayReopen: z.boolean().optional(),
  /** Questions to reviewers about this case, and their decisions; the newest first */
  panel: z
    .array(
      z.object({
        item: idSchema('itm'),
        openedAt: timestamp,
        dueAt: timestamp,
        /** The platform that says that the identifier changed hands, its kind, and since when */
        by: z.string().optional(),
        subject: z.enum(identifierKinds).optional(),
        changedAt: timestamp.optional(),
        closedAt: timestamp.optional(),
        outcome: z.enum(panelOutcomes).optional(),
        reasons: z.array(z.string()),
      }),
    )
    .optional(),
  history: z.array(z.object({ at: timestamp, event: z.string(), cause: z.string().optional() })),
  /** For claimants: other platforms that were told, by identifiers that this claimant did not prove, or since */
  toldOthers: z.enum(toldNumbers).optional(),
  /** For claimants: who asked about an identifier that they proved, until they last did */
  told: z.array(toldPlatform).optional(),
  /** Questions to the submitter by platforms that were told; for claimants */
  trustQuestions: z.array(askedOfSubmitter).optional(),
  /** The own address; nobody else reads of it */
  contact: contactView.optional(),
  /** Others whom the asker let in, or who let the asker in */
  others: z.array(accessView).optional(),
});
export type CaseView = z.infer<typeof caseView>;
