import type { MatchAdvice, Purpose } from '@recourse/protocol';

export interface NewCheck {
  readonly id: string;
  readonly party: string;
  readonly purpose: Purpose;
  readonly elements: number;
  /** How many: an identifier has a token in each */
  readonly epochs: number;
  readonly provenAt: Date | null;
  /** The platform's own case id */
  readonly ref: string | null;
}

/** A sanction as the answer shows it: the commit locks it and refuses another version. */
export interface ShownRecord {
  readonly sanction: string;
  readonly version: number;
}

export interface NewMatch extends ShownRecord {
  readonly id: string;
  readonly check: string;
  readonly party: string;
  readonly purpose: Purpose;
  readonly advice: MatchAdvice;
  /** The time of the call, as its entry says: the group that writes it may come a second later */
  readonly toldAt: Date;
  readonly dueAt: Date;
  /** The platform was not told of this version before: a recall will be owed */
  readonly firstDisclosure: boolean;
}

/** The tokens that a question asked about under its check, as keyed marks: no token is kept. */
export interface AskedTokens {
  readonly check: string;
  /** Identifiers in the published set that it asked about, and that no record answered */
  readonly empty: number;
  /** Marks of its tokens */
  readonly marks: readonly number[];
  /** Marks of tokens that were asked under the check before */
  readonly known: readonly number[];
  /** Tokens that the check evaluated: the most that may be asked under it */
  readonly evaluated: number;
}

/** Collected by the read procedures of one call; empty for most. */
export interface ReadEffects {
  check?: NewCheck;
  /** None of a question that asked nothing new, and was told of all that it asked */
  asked?: AskedTokens;
  readonly shown: ShownRecord[];
  readonly matches: NewMatch[];
  /** Matches told before without the advice to review, which this answer gives */
  readonly reviewed: string[];
  /** Subjects of a check that matched that are not written yet, as lookups in hex: a record on any of it is derived */
  readonly checked: { readonly check: string; readonly lookup: string }[];
}

export const noEffects = (): ReadEffects => ({
  shown: [],
  matches: [],
  reviewed: [],
  checked: [],
});
