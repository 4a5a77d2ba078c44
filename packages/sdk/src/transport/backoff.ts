import { isAway, type RecourseError, type RecourseErrorCode } from '../errors.ts';
import type { Random } from '../random.ts';

/** How often, and how patiently, a call is tried again. */
export interface RetryPolicy {
  /** Attempts in all, including the first */
  readonly attempts: number;
  /** The longest single wait; if the registry asks for more, the call fails */
  readonly maxWaitSeconds: number;
  /** Seconds until an unanswered attempt counts as lost */
  readonly timeoutSeconds: number;
}

export const defaultRetry: RetryPolicy = { attempts: 5, maxWaitSeconds: 20, timeoutSeconds: 30 };

const baseMilliseconds = 200;

/** Exponential backoff with full jitter above what `Retry-After` asks for, capped. In milliseconds. */
export function waitBefore(
  retry: number,
  options: { policy: RetryPolicy; random: Random; retryAfterSeconds?: number | undefined },
): number {
  const cap = options.policy.maxWaitSeconds * 1000;
  const ceiling = Math.min(cap, baseMilliseconds * 2 ** (retry - 1));
  const [high = 0, low = 0] = options.random(2);
  const jitter = (ceiling * (high * 256 + low)) / 65_536;
  return Math.min(cap, (options.retryAfterSeconds ?? 0) * 1000 + jitter);
}

/** Waits, or rejects with the signal's reason. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal?.addEventListener('abort', wake, { once: true });
  });
  signal?.throwIfAborted();
}

/** The longest wait of a loop whose calls fail. */
const longestPauseSeconds = 300;

/** The interval of a loop, and after a failure the longer of it and a growing wait; ends early without a throw. */
export async function pause(
  session: {
    readonly retry: RetryPolicy;
    readonly random: Random;
    sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  },
  { seconds, failures, signal }: { seconds: number; failures: number; signal: AbortSignal },
): Promise<void> {
  const policy = { ...session.retry, maxWaitSeconds: longestPauseSeconds };
  const { random } = session;
  const backoff = failures === 0 ? 0 : waitBefore(failures, { policy, random });
  try {
    await session.sleep(Math.max(seconds * 1000, backoff), signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

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
