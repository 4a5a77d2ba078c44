import { RecourseError } from '../errors.ts';
import type { Session } from '../session/session.ts';

/** When a check answers, and how long it waits. */
export interface Timing {
  /** Ends the check; it then rejects with the reason of the signal */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds before any answer, hit or not, so that a form tells nothing by its time. Choose the time of the
   * slowest check that asks the registry.
   */
  readonly settleAfterMs?: number | undefined;
  /** Milliseconds after which the registry counts as away; without it the retry policy decides */
  readonly withinMs?: number | undefined;
}

/** Runs a check, and tells how it ended no earlier than the caller says. What it throws settles, too: only a hit can be false. */
export async function settle<T>(
  { sleep }: Pick<Session, 'sleep'>,
  { signal, settleAfterMs }: Timing,
  run: () => Promise<T>,
): Promise<T> {
  const settled = settleAfterMs === undefined ? undefined : sleep(settleAfterMs, signal);
  // An abort may reject it long before anybody waits for it.
  settled?.catch(() => undefined);
  try {
    return await run();
  } finally {
    await settled;
  }
}

/** @throws RecourseError `unavailable` when it took too long */
export function within<T>(
  { signal, withinMs }: Timing,
  run: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (withinMs === undefined) return run(signal);
  const deadline = AbortSignal.timeout(withinMs);
  const late = new Promise<never>((_, reject) => {
    deadline.addEventListener('abort', () =>
      reject(new RecourseError('unavailable', { cause: deadline.reason })),
    );
  });
  return Promise.race([late, run(signal ? AbortSignal.any([signal, deadline]) : deadline)]);
}
