import { addDays } from '@recourse/protocol/review';

/** How long a reversal of speech, or of an authority's record, is held against its submitter. */
const speechWindowDays = 365;
const expressionLimit = 2;

export const speechCauses = ['expression', 'authority-origin'] as const;
export type SpeechCause = (typeof speechCauses)[number];

export const isSpeechCause = (cause: string): boolean => speechCauses.some((one) => one === cause);

/**
 * An appeal that was decided against the submitter for one of these, a finding as well as a reversal; or one about speech,
 * by whoever appealed together, that was conceded.
 */
export interface SpeechReversal {
  readonly cause: SpeechCause;
  readonly at: Date;
}

/** From when on reversals count. */
export const speechWindowStart = (now: Date): Date => addDays(now, -speechWindowDays);

/**
 * Two reversals for `expression`, or one for `authority-origin`, in 365 d suspend the group whatever its rate, disclosed
 * or not.
 * @param reversals of one group
 */
export function speechSuspension(
  reversals: readonly SpeechReversal[],
  now: Date,
): SpeechCause | undefined {
  const since = speechWindowStart(now);
  const counted = reversals.filter(({ at }) => at > since && at <= now);
  if (counted.some(({ cause }) => cause === 'authority-origin')) return 'authority-origin';
  return counted.length >= expressionLimit ? 'expression' : undefined;
}
