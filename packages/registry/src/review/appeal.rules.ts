import {
  isSpeech,
  owesRelief,
  type AppealGround,
  type DecisionOutcome,
  type ReasonCode,
} from '@recourse/protocol';
import { addDays, dueAt, type Deadlines } from '@recourse/protocol/review';
import type { AppealsTable } from '../schema/appeals.ts';
import type { Standing } from '../records/life.rules.ts';

/** A later appeal comes so many days after an earlier one was answered. */
const againAfterDays = 90;
/** Speech is assigned within these; any other within `claimDueDays`. */
const expressionAssignmentDays = 2;
/** Relief about speech is decided within these days, and granted if late. */
const reliefDecisionDays = 3;
/** So long the language of the case is considered; then anyone is assigned. */
export const languageDays = 2;
/** An inspection or a decision made again is taken within these, or goes to somebody else. */
export const assignmentHours = 24;

/** An appeal against the same sanction, as its row tells how it went. */
export interface EarlierAppeal {
  readonly id: string;
  /** The dismissed one that this one looked at again */
  readonly reopens: string | null;
  readonly closed_at: Date | null;
  readonly closed_as: AppealsTable['closed_as'];
  readonly outcome: DecisionOutcome | null;
  readonly cause: string | null;
  readonly evidence_confirmed_at: Date | null;
  /** The ways that it binds, among those by which whoever asks came: see `is_bound` */
  readonly ways: readonly string[];
  /** And those that joined it, however it ended */
  readonly joined: readonly string[];
}

export interface OpeningFacts {
  /** The ways by which whoever appeals came */
  readonly ways: readonly string[];
  readonly now: Date;
  readonly standing: Standing;
  readonly submittedAt: Date | null;
  readonly expiresAt: Date;
  readonly earlier: readonly EarlierAppeal[];
}

export type WhyNoAppeal =
  | 'draft'
  | 'already-open'
  | 'already-reversed'
  | 'too-soon'
  | 'window-closed';
export type WhyNotReopened = WhyNoAppeal | 'not-dismissed' | 'already-reopened';

interface May {
  /** Until when it may be opened */
  readonly until: Date;
}

/**
 * From notice until 180 d after the end; one open at a time. A decision binds the ways by which those came who had joined
 * it: who comes by another way appeals once, at once; by the same ways 90 d on, with what is new. A proven way is bound
 * whoever uses it, a shared one for the claimant alone who did. The code may reach the creator before the registry hears
 * of the notice, so an appeal is taken from submission on.
 */
export function mayAppeal(
  facts: OpeningFacts,
  deadlines: Pick<Deadlines, 'appealWindowDays'>,
): (May & { readonly needsNews: boolean }) | { readonly refused: WhyNoAppeal } {
  const may = mayOpen(facts, deadlines);
  if ('refused' in may) return may;
  const answered = facts.earlier.filter(wasDecided);
  const binding = facts.ways.map((way) => answered.filter(({ ways }) => ways.includes(way)));
  if (binding.some((appeals) => appeals.length === 0)) return { ...may, needsNews: false };
  const isFree = binding.some((appeals) => appeals.every((one) => isLongAgo(one, facts.now)));
  return isFree ? { ...may, needsNews: true } : { refused: 'too-soon' };
}

const isLongAgo = ({ closed_at }: EarlierAppeal, now: Date): boolean =>
  addDays(closed_at ?? now, againAfterDays) <= now;

/**
 * Dismissed: each way that it bound may reopen it once, before another reviewer, and needs neither time nor news for it.
 * Nobody spends the reopening of another.
 */
export function mayReopen(
  facts: OpeningFacts,
  deadlines: Pick<Deadlines, 'appealWindowDays'>,
): (May & { readonly dismissed: string }) | { readonly refused: WhyNotReopened } {
  const may = mayOpen(facts, deadlines);
  if ('refused' in may) return may;
  const last = facts.ways.map((way) => lastDismissed(facts, way));
  const fresh = last.find((one) => one?.isAgain === false);
  if (fresh) return { ...may, dismissed: fresh.id };
  return { refused: last.some((one) => one !== undefined) ? 'already-reopened' : 'not-dismissed' };
}

/** The last decision that binds a way, where it dismissed, and whether that way reopened it. */
function lastDismissed(
  { earlier }: OpeningFacts,
  way: string,
): { readonly id: string; readonly isAgain: boolean } | undefined {
  const last = earlier.findLast((one) => wasDecided(one) && one.ways.includes(way));
  if (last?.outcome !== 'dismissed') return undefined;
  const before = earlier.find(({ id }) => id === last.reopens);
  const isAgain =
    before?.ways.includes(way) === true ||
    earlier.some(({ reopens, joined }) => reopens === last.id && joined.includes(way));
  return { id: last.id, isAgain };
}

function mayOpen(
  facts: OpeningFacts,
  { appealWindowDays }: Pick<Deadlines, 'appealWindowDays'>,
): May | { readonly refused: WhyNoAppeal } {
  const { now, standing, submittedAt, expiresAt, earlier } = facts;
  if (!submittedAt) return { refused: 'draft' };
  if (earlier.some(({ closed_at }) => closed_at === null)) return { refused: 'already-open' };
  if (standing.ended?.state === 'reversed' || earlier.some(succeeded)) {
    return { refused: 'already-reversed' };
  }
  const until = dueAt(standing.ended?.at ?? expiresAt, 24 * appealWindowDays);
  return now > until ? { refused: 'window-closed' } : { until };
}

/** An appeal that was withdrawn, never decided, or closed by a recovery binds nobody. One that was won comes to no other. */
const wasDecided = ({ closed_as }: Pick<EarlierAppeal, 'closed_as'>): boolean =>
  closed_as === 'decided';

/** True of ways all of which a decision bound: a late decision does nothing for them any more. */
export function isBound(
  earlier: readonly Pick<EarlierAppeal, 'closed_as' | 'ways'>[],
  ways: readonly string[],
): boolean {
  const decided = earlier.filter(wasDecided);
  return decided.length > 0 && ways.every((way) => decided.some((one) => one.ways.includes(way)));
}

/**
 * True of ways all of which were heard with confirmed evidence: what it shows is no secret any more, and stays told.
 */
export const isReasonTold = (
  earlier: readonly Pick<EarlierAppeal, 'closed_as' | 'ways' | 'evidence_confirmed_at'>[],
  ways: readonly string[],
): boolean =>
  isBound(
    earlier.filter(({ evidence_confirmed_at: at }) => at !== null),
    ways,
  );

/** Found wrong, also where the record had ended by itself: there is nothing more to win. */
const succeeded = ({ closed_as, outcome, cause }: EarlierAppeal): boolean =>
  closed_as === 'undelivered' ||
  outcome === 'finding' ||
  outcome === 'reversed' ||
  cause === 'conceded';

/** Appeals keep a held record held for so long, in all. */
const keepsDays = 60;

/**
 * Until when whoever appeals keeps a record held: 60 d from the first time that one of their ways did, and no longer. What
 * another appealed before spends none of it.
 * @param firsts until when each of their ways kept it at first; null of one that never did
 */
export function keepsUntil(firsts: readonly (Date | null)[], now: Date): Date | null {
  const fresh = dueAt(now, 24 * keepsDays);
  const until = new Date(Math.max(0, ...firsts.map((first) => (first ?? fresh).getTime())));
  return until > now ? until : null;
}

/** When a reviewer has to have taken it, and when relief has to be decided: of speech, sooner. */
export function assignmentDeadlines(
  opening: { openedAt: Date; ground: AppealGround; reason: ReasonCode },
  { claimDueDays }: Pick<Deadlines, 'claimDueDays'>,
): { readonly assignmentDueAt: Date; readonly reliefDueAt: Date | null } {
  const days = isSpeech(opening) ? Math.min(expressionAssignmentDays, claimDueDays) : claimDueDays;
  return {
    assignmentDueAt: dueAt(opening.openedAt, 24 * days),
    reliefDueAt: owesRelief(opening) ? dueAt(opening.openedAt, 24 * reliefDecisionDays) : null,
  };
}
