import { Problem } from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { connected, opsOf, type ConnectedClients } from '../../tests/connected.ts';

let at: ConnectedClients;
let stop: AbortController;
beforeEach(async () => {
  at = await connected();
  stop = new AbortController();
});

/** Follows for so many rounds, and returns how long each pause was, in milliseconds. */
async function follow(rounds: number, intervalSeconds?: number): Promise<number[]> {
  const waits: number[] = [];
  const recourse = at.connectAgain({
    retry: { attempts: 1 },
    random: (size) => new Uint8Array(size).fill(255),
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
      if (waits.length === rounds) stop.abort();
    },
  });
  await recourse.prefixes.follow({ signal: stop.signal, intervalSeconds, onError });
  return waits;
}

const errors: unknown[] = [];
const onError = (error: unknown): void => void errors.push(error);

describe('following', () => {
  it('renews one time after the other, 30 seconds apart', async () => {
    expect(await follow(3)).toEqual([30_000, 30_000, 30_000]);
    expect(opsOf(at.registry)).toHaveLength(4);
  });

  it('waits for as long as the registry asks', async () => {
    at.registry.sets.minWaitSeconds = 90;
    expect(await follow(2, 1)).toEqual([90_000, 90_000]);
  });

  it('goes on after a failure, ever later', async () => {
    at.registry.handlers.set('prefixes.sync', () => {
      throw new Problem('overloaded');
    });
    const waits = await follow(4, 0);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(new Set(waits).size).toBe(4);
    expect(errors.slice(-4)).toMatchObject(
      Array.from({ length: 4 }, () => ({ code: 'overloaded' })),
    );
  });

  it('does nothing once it is stopped', async () => {
    stop.abort();
    await at.recourse.prefixes.follow({ signal: stop.signal });
    expect(opsOf(at.registry)).toEqual([]);
  });
});
