import { linkError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { pause } from '../transport/backoff.ts';

/** How the prefix sets are kept new. */
export interface FollowOptions {
  /** Ends the loop */
  readonly signal: AbortSignal;
  /** Seconds between renewals, 30 by default; the registry may ask for more */
  readonly intervalSeconds?: number | undefined;
  /**
   * Called for every failed renewal. Until one succeeds, checks use the held set, and ask the registry when it is stale
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const usualSeconds = 30;

/** Renews the sets of the live epochs until the signal aborts, one renewal after the other. */
export async function followSets(session: Session, options: FollowOptions): Promise<void> {
  const { signal, intervalSeconds = usualSeconds, onError } = options;
  let failures = 0;
  while (!signal.aborted) {
    let seconds = intervalSeconds;
    try {
      seconds = Math.max(seconds, await renewLive(session));
      failures = 0;
    } catch (error) {
      failures++;
      linkError(error, session.origin);
      onError?.(error);
    }
    await pause(session, { seconds, failures, signal });
  }
}

/** @returns seconds that the registry asks to wait, for all of them */
export async function renewLive({ registry, prefixes }: Session): Promise<number> {
  if (!prefixes) return 0;
  const epochs = (await registry.epochs()).map(({ epoch }) => epoch);
  prefixes.retain(epochs);
  const renewed = await Promise.all(epochs.map((epoch) => prefixes.renew(epoch)));
  return Math.max(0, ...renewed.map(({ minWaitSeconds }) => minWaitSeconds));
}
