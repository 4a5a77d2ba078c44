import { z } from 'zod';
import type { EndCause } from './history.ts';
import { b64u32, numericDate, timestamp } from './schemas.ts';
import { idSchema } from './typeid.ts';

/** The kinds of item that the panel decides beside appeals. */
export const panelKinds = [
  'party-suspension',
  'suspension-appeal',
  'inquiry',
  'speech',
  'admission',
  'group',
  'challenge',
  'strikes',
] as const;
export type PanelKind = (typeof panelKinds)[number];

/** The outcomes of items of the panel. */
export const panelOutcomes = [
  'suspend',
  'refuse',
  'uphold',
  'lift',
  'admit',
  'join',
  'detach',
  'keep',
  'strike',
] as const;
export type PanelOutcome = (typeof panelOutcomes)[number];

/**
 * How a group answers for reversals, over `windowDays`. It is warned at `warnedFrom` reversals that are `warnedPercent` of
 * the decisions, or at `warnedAnyway`. The panel is asked to suspend it at `suspendedFrom` and `suspendedPercent` once
 * the warning is `warningDays` old, or after `inquiryFrom` reversals in `inquiryDays`. Of victims to whom it conceded
 * within `sparedDays`, `spared` or `sparedPercent` of the decisions are left out, whichever is more. At each of `looks`
 * reversals reviewers look which cases are to be struck, whatever the rate.
 */
export const reversalRules = {
  windowDays: 365,
  warnedFrom: 3,
  warnedPercent: 20,
  warnedAnyway: 10,
  suspendedFrom: 5,
  suspendedPercent: 40,
  warningDays: 30,
  inquiryFrom: 20,
  inquiryDays: 90,
  spared: 3,
  sparedPercent: 5,
  sparedDays: 7,
  looks: [5, 10, 20],
} as const;

/**
 * A home reversal within `hours` of the lifting counts neither for nor against a group, unless no complaint is found
 * behind it. Of each submitter reviewers see the complaints of `seen` a quarter. Where `untrueFrom` of a quarter's
 * have none, those that were not drawn count, too.
 */
export const homeReversalRules = { hours: 72, seen: 10, untrueFrom: 2 } as const;

/**
 * The causes of an early end that count neither for nor against a group, though others were told of the record: none of
 * them says that it was wrong. Every other counts, a new one too. `restore`: only the log says that it ended, and not why.
 */
export const exemptEnds = [
  'submitter-left',
  'not-retokenised',
  'order',
  'no-notice',
  'restore',
] as const satisfies readonly EndCause[];

interface PanelRule {
  /** How many reviewers vote, each blind to the others */
  readonly votes: 1 | 2 | 3;
  /** Needs a majority of them: it is what changes how things are */
  readonly harsher: PanelOutcome;
  /** Everything else comes to this: no majority, and no vote in time */
  readonly milder: PanelOutcome;
  readonly dueDays: number;
}

/**
 * How each kind is decided. Where nobody decides, things stay as they are. While `speech` is open the new records of the
 * group are held: confirmed reversals for `expression` or `authority-origin` brought it. An admission waits for its votes
 * however long that takes: silence neither lets a party in nor turns it away.
 */
export const panelRules: Readonly<Record<PanelKind, PanelRule>> = {
  'party-suspension': { votes: 3, harsher: 'suspend', milder: 'refuse', dueDays: 30 },
  inquiry: { votes: 3, harsher: 'suspend', milder: 'refuse', dueDays: 30 },
  speech: { votes: 3, harsher: 'suspend', milder: 'refuse', dueDays: 14 },
  'suspension-appeal': { votes: 3, harsher: 'uphold', milder: 'lift', dueDays: 30 },
  admission: { votes: 3, harsher: 'admit', milder: 'refuse', dueDays: 30 },
  group: { votes: 3, harsher: 'join', milder: 'keep', dueDays: 30 },
  challenge: { votes: 2, harsher: 'detach', milder: 'keep', dueDays: 30 },
  strikes: { votes: 3, harsher: 'strike', milder: 'keep', dueDays: 30 },
};

/**
 * Why a reviewer examines a record:
 * - `drawn`: the ledger drew it in a quarter;
 * - `probation`: it is one of the first of a probation;
 * - `re-examination`: its party is suspended;
 * - `leaving`: its party left;
 * - `decision`: the decision of its appeal was drawn to be decided again;
 * - `cause`: its reviewer named a cause that another has to confirm. Reviewers read `decision` instead: they are blind;
 * - `relay`: a reviewer had reversed a record of another group about the same identifier, of a later day than this act;
 * - `home-reversal`: its submitter withdrew it as a home reversal, and the ledger drew that. The evidence is the complaint.
 */
export const inspectionReasons = [
  'drawn',
  'probation',
  're-examination',
  'leaving',
  'decision',
  'cause',
  'relay',
  'home-reversal',
] as const;
export type InspectionReason = (typeof inspectionReasons)[number];

/** Why an identifier of a record may be challenged by a platform that was told of it. */
export const challengeGrounds = ['recycled'] as const;
export type ChallengeGround = (typeof challengeGrounds)[number];

/** Why a party records nothing, as it reads it. */
export const partySuspensionSchema = z.object({
  /** The party of its group whose cases brought it, where that is another */
  party: idSchema('plt').optional(),
  cause: z.string().max(40),
  since: timestamp,
  /** The item that the panel decided */
  item: idSchema('itm').optional(),
});

/** A case that counts to the rate of a group: an appeal, an inspection, or a record that was withdrawn. */
export const countedCase = z.union([idSchema('apl'), idSchema('itm'), idSchema('snc')]);
export type CountedCase = z.infer<typeof countedCase>;

/** The cases that one vote may name. */
export const mostStrikes = 100;

/** `recourse-panel-vote+jwt`: a reviewer's signed word on an item of the panel. */
export const panelVoteSchema = z.strictObject({
  iss: z.literal('panel'),
  aud: z.string(),
  item: idSchema('itm'),
  outcome: z.enum(panelOutcomes),
  /** {@link reasonsCommitment} */
  reasons: b64u32,
  /** Of `strike`: {@link strikesCommitment} */
  strikes: b64u32.optional(),
  iat: numericDate,
});
export type PanelVote = z.infer<typeof panelVoteSchema>;
