import { z } from 'zod';
import { sealingKeySchema } from './appeal.ts';
import { b64u32, numericDate } from './schemas.ts';
import { idSchema } from './typeid.ts';

/** What the panel decides that is no appeal of a creator. */
export const panelKinds = ['party-suspension', 'suspension-appeal', 'inquiry', 'audit'] as const;
export type PanelKind = (typeof panelKinds)[number];

export const panelOutcomes = ['suspend', 'refuse', 'uphold', 'lift', 'failed', 'passed'] as const;
export type PanelOutcome = (typeof panelOutcomes)[number];

interface PanelRule {
  /** How many reviewers vote, each blind to the others */
  readonly votes: 1 | 2 | 3;
  /** Needs a majority of them */
  readonly harsher: PanelOutcome;
  /** Everything else comes to this: no majority, and no vote in time */
  readonly milder: PanelOutcome;
  readonly dueDays: number;
}

/** How each kind is decided. The party that the item is about is favoured where nobody decides. */
export const panelRules: Readonly<Record<PanelKind, PanelRule>> = {
  'party-suspension': { votes: 3, harsher: 'suspend', milder: 'refuse', dueDays: 30 },
  inquiry: { votes: 3, harsher: 'suspend', milder: 'refuse', dueDays: 30 },
  'suspension-appeal': { votes: 3, harsher: 'uphold', milder: 'lift', dueDays: 30 },
  audit: { votes: 1, harsher: 'failed', milder: 'passed', dueDays: 30 },
};

/**
 * Why a reviewer examines a record: drawn by the ledger in a quarter, one of the first of a probation, of a suspended party,
 * or because the decision of an appeal was drawn to be decided again.
 */
export const auditReasons = ['drawn', 'probation', 're-examination', 'decision'] as const;
export type AuditReason = (typeof auditReasons)[number];

/** `recourse-panel-vote+jwt`: a reviewer's signed word on an item of the panel. */
export const panelVoteSchema = z.strictObject({
  iss: z.literal('panel'),
  aud: z.string(),
  item: idSchema('itm'),
  outcome: z.enum(panelOutcomes),
  /** {@link reasonsCommitment} */
  reasons: b64u32,
  iat: numericDate,
});
export type PanelVote = z.infer<typeof panelVoteSchema>;

/** `recourse-audit-claim+jwt`: a reviewer takes an audit, with a fresh key to seal its evidence to. */
export const auditClaimSchema = z.strictObject({
  iss: z.literal('panel'),
  aud: z.string(),
  item: idSchema('itm'),
  key: sealingKeySchema,
  iat: numericDate,
});
export type AuditClaim = z.infer<typeof auditClaimSchema>;
