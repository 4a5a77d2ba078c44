import { isAway } from '../away.ts';
import type { RecourseError, RecourseErrorCode } from '../errors.ts';

/** `same`: the identical bytes again. `anew`: signed again with a fresh jti, and the same idem if it has one. */
export type Retry = 'same' | 'anew' | 'never';

/** Answered for this jti: the same bytes would be answered the same. */
const answered: ReadonlySet<RecourseErrorCode> = new Set<RecourseErrorCode>([
  'quota-exceeded',
  'internal',
  'replayed-call',
]);

/**
 * Whether trying again can help and can do no harm. A lost mutation may have taken effect, so its bytes are
 * sent again and get the stored answer; a lost read is asked anew, since its jti may have been used up.
 */
export function howToRetry(
  error: RecourseError,
  state: { mutation: boolean; skewSeen: boolean },
): Retry {
  if (error.code === 'clock-skew') {
    return state.skewSeen || error.serverTime === undefined ? 'never' : 'anew';
  }
  if (isAway(error)) return state.mutation ? 'same' : 'anew';
  return answered.has(error.code) ? 'anew' : 'never';
}
