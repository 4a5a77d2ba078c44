import type { Purpose } from './purposes.ts';
import type { DsaPlace } from './dsa.ts';
import type { EvidenceClass } from './evidence-classes.ts';

/** A row of the taxonomy: the meaning of one code, and its consequences. Every column is required. */
export interface Reason {
  /** The act of a person, in one sentence. */
  readonly act: string;
  /** Conduct that looks like it and must not be recorded under it. */
  readonly isNot: string;
  /** Alternatives: evidence meets the floor when it meets every line of one of them. */
  readonly proofFloor: readonly ProofAlternative[];
  /** Calendar months from the end of the incident; null when the life is another sanction's (ban evasion). */
  readonly longestLifeMonths: number | null;
  /** Checks answer at once after notice, without the hold. */
  readonly answersNow: boolean;
  /** Purposes of a check that may learn of it; for any other the record answers as if absent. */
  readonly askedAt: readonly Purpose[];
  /** A person is to be protected, so a dispute on identity does not hide the reason. */
  readonly keepsReasonWhenDisputed: boolean;
  readonly minorAllowed: boolean;
  /** Two reviewers, blind to each other, decide its appeals. Those of minors always have two. */
  readonly twoReviewers: boolean;
  /** Off for a party until its directory entry records a legal basis (GDPR, article 10). */
  readonly namesCriminalOffence: boolean;
  /** Easily turned against reporting, comment, campaigning or pseudonymity: `expression` weighs more, and the report shows it apart. */
  readonly speechAdjacent: boolean;
  readonly dsa: DsaPlace;
  readonly texts: { readonly en: CreatorText };
}

/** Requirements that evidence meets together. */
export type ProofAlternative = readonly ProofRequirement[];

/** At least `min` items of one class. */
export interface ProofRequirement {
  readonly class: EvidenceClass;
  readonly min: number;
  /** Each must come from another holder: a `count` cannot stand in for a second person. */
  readonly distinctHolders?: true;
}

/** Texts for the creator: no codes, no law, no blame. */
export interface CreatorText {
  readonly title: string;
  readonly meaning: string;
  /** Reasons why the record may be wrong, and so what to say in an appeal. */
  readonly appeal: string;
}

export const everyPurpose = [
  'signup',
  'monetisation',
  'payout-change',
  'account-recovery',
  'safety-review',
] as const satisfies readonly Purpose[];
