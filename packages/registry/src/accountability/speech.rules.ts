import type { ConfirmedCause } from '@recourse/protocol';
import { addDays } from '@recourse/protocol/review';
import { speechDays } from '../schema/figures.ts';

const expressionLimit = 2;

/**
 * A reversal or a finding of which two reviewers named the cause; or an appeal about speech, by whoever appealed together,
 * that was conceded.
 */
export interface SpeechReversal {
  readonly cause: ConfirmedCause;
  readonly at: Date;
}

/** A question to three reviewers about a group's speech. */
export interface SpeechQuestion {
  /** When they were asked last */
  readonly askedAt: Date | null;
  readonly isAsked: boolean;
  readonly isSuspended: boolean;
}

/** From when on reversals count. */
export const speechSince = (now: Date): Date => addDays(now, -speechDays);

/**
 * Two for `expression`, or one for `authority-origin`, in 365 d hold the new records of a group and go before three
 * reviewers, whatever its rate, disclosed or not. Asked once at a time, and again only after another one.
 * @param reversals of one group
 * @returns why they are asked
 */
export function speechQuestion(
  reversals: readonly SpeechReversal[],
  asked: SpeechQuestion,
  now: Date,
): ConfirmedCause | undefined {
  const since = speechSince(now);
  const counted = reversals.filter(({ at }) => at > since && at <= now);
  if (asked.isAsked || asked.isSuspended) return undefined;
  const from = asked.askedAt ?? since;
  if (!counted.some(({ at }) => at > from)) return undefined;
  if (counted.some(({ cause }) => cause === 'authority-origin')) return 'authority-origin';
  return counted.length >= expressionLimit ? 'expression' : undefined;
}
