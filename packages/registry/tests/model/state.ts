import type { RecallKind } from '@recourse/protocol';

const hour = 3_600_000;
export const later = (from: Date, hours: number): Date => new Date(from.getTime() + hours * hour);

export const latest = (a: Date | null, b: Date): Date => (a && a > b ? a : b);

/** A deadline on a weekend ends at noon of Monday (UTC). */
export function due(from: Date, days: number): Date {
  const at = later(from, 24 * days);
  const shift = { 6: 2, 0: 1 }[at.getUTCDay()];
  if (shift === undefined) return at;
  return new Date(
    Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + shift, 12, 0, 0),
  );
}

export type Platform = 'tubely' | 'market';
export type Outcome = 'upheld' | 'amended' | 'reversed' | 'dismissed' | 'finding';
export type Ground = 'procedure' | 'expression';

/** A reviewer with a key. */
export interface ModelAssignment {
  readonly reviewer: number;
  /** What was delivered last is sealed to them, too, and not destroyed */
  opens: boolean;
  /** Without an act of theirs it goes to another then */
  expires: Date;
  vote: { readonly outcome: Outcome; readonly expires: Date } | null;
}

export interface ModelAppeal {
  readonly openedAt: Date;
  readonly ground: Ground;
  readonly reviewers: 1 | 2;
  /** Opened before the record answered: held until then, for as long as it is open */
  keepsUntil: Date | null;
  evidenceDue: Date | null;
  evidenceLapses: Date | null;
  decisionDue: Date;
  readonly undecided: Date;
  /** By whoever was decided about before: late, it does nothing */
  readonly bound: boolean;
  /** Until a reviewer has granted or refused relief */
  reliefDue: Date | null;
  /** When it ends as withdrawn, since all who appeal together withdrew */
  withdraws: Date | null;
  /** From when on whoever opened it appeals no more */
  openerWithdraws: Date | null;
  /** The same of somebody who joined; undefined where nobody did */
  joinedWithdraws: Date | null | undefined;
  added: number;
  assignments: ModelAssignment[];
  /** Reviewers who had it */
  readonly used: number[];
  /** What counts of the one item: when it came, and whether anybody said of it that it does not fit */
  item: { at: Date; wasDisputed: boolean } | null;
  confirmed: boolean;
  dispute: ModelDispute | null;
  firstRejection: Date | null;
  /** When it was found twice not to fit, and destroyed */
  readonly mismatches: Date[];
  /** Looks again at one that was dismissed */
  readonly reopens: boolean;
  /** `answered` by its opener; `heard` once all had answered who had joined when it was told */
  readonly gists: { due: Date; joined: boolean; answered: boolean; heard: boolean }[];
  /** Its opener asked for erasure by it, too */
  asksErasure: boolean;
}

export interface ModelDispute {
  readonly deliveredAt: Date;
  /** It is still what counts */
  isLast: boolean;
  second: number | null;
  assignedAt: Date | null;
}

/** An appeal that is over. */
export interface ModelClosing {
  readonly at: Date;
  readonly answered: boolean;
  readonly succeeded: boolean;
  readonly outcome?: Outcome;
  readonly reopens: boolean;
  wasReopened: boolean;
}

export type ModelOutcome = Pick<ModelClosing, 'answered' | 'succeeded' | 'outcome'>;

export interface ModelRecall {
  readonly kind: RecallKind;
  state: 'open' | 'acknowledged' | 'superseded';
}

export type Phase = 'held' | 'visible' | 'expired' | 'withdrawn' | 'reversed' | 'undecided';

/** What a submitter did before, and what follows for it. */
export interface ModelSubmitter {
  readonly inProbation: boolean;
  /** Its records that were found to be about speech */
  readonly speech: Date[];
  leftAt: Date | null;
}

export interface Timer {
  readonly at: Date;
  readonly run: () => void;
}

/** Every reviewer who has it can open it. */
export const isDelivered = ({ assignments }: ModelAppeal): boolean =>
  assignments.length > 0 && assignments.every(({ opens }) => opens);

/** From when it waits for its reviewers alone: fourteen days later it goes to others. */
export function renew(appeal: ModelAppeal, now: Date): void {
  const asked = appeal.gists.flatMap((gist) => (gist.heard ? [] : [gist.due]));
  const from = [appeal.evidenceLapses, ...asked].reduce<Date>((a, b) => (b && b > a ? b : a), now);
  for (const assignment of appeal.assignments) assignment.expires = later(from, 24 * 14);
}

/** It ends when the last of them withdraws, and goes on as long as one of them carries it on. */
export function endWhenAllWithdrew(appeal: ModelAppeal): void {
  const { openerWithdraws: first, joinedWithdraws: second } = appeal;
  if (second === undefined) appeal.withdraws = first;
  else appeal.withdraws = first && second ? latest(first, second) : null;
}

/** Who has not voted, and lets it wait for too long. */
export const lostAssignments = ({ assignments }: ModelAppeal, now: Date): ModelAssignment[] =>
  assignments.filter(({ vote, expires }) => vote === null && expires <= now);

/** Who acts on it: the first who has not voted. */
export const actorOf = (appeal: ModelAppeal | null): ModelAssignment | undefined =>
  appeal?.assignments.find(({ vote }) => vote === null);
