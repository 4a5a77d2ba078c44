import { describe, expect, it } from 'vitest';
import { sleep, waitBefore, type RetryPolicy } from './backoff.ts';

const policy: RetryPolicy = { attempts: 5, maxWaitSeconds: 20, timeoutSeconds: 30 };
const highest = (size: number): Uint8Array => new Uint8Array(size).fill(255);
const lowest = (size: number): Uint8Array => new Uint8Array(size);

describe('backoff', () => {
  it('doubles its ceiling up to the cap, and draws below it', () => {
    const ceilings = [1, 2, 3, 20].map((n) =>
      Math.ceil(waitBefore(n, { policy, random: highest })),
    );
    expect(ceilings).toEqual([200, 400, 800, 20_000]);
    expect(waitBefore(3, { policy, random: lowest })).toBe(0);
  });

  it('never waits for less than Retry-After says, nor longer than it may', () => {
    expect(waitBefore(1, { policy, random: lowest, retryAfterSeconds: 3 })).toBe(3000);
    expect(waitBefore(1, { policy, random: highest, retryAfterSeconds: 99 })).toBe(20_000);
  });

  it('wakes up with the reason of the signal', async () => {
    const reason = new Error('stop');
    const controller = new AbortController();
    const waiting = sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(sleep(0, controller.signal)).rejects.toBe(reason);
    await expect(sleep(0)).resolves.toBeUndefined();
  });
});
