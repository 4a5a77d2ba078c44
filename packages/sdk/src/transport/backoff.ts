import type { Random } from '../random.ts';

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
