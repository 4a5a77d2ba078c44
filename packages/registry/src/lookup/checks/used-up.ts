import { Problem, type ToldPurpose } from '@recourse/protocol';
import { leavesFor, secondsUntil } from './quota.rules.ts';

/** So long is a refusal repeated without a look at the bucket, which operators may have made larger. */
const rememberedFor = 1_000;

/** A reading of one server of a bucket that had too little. */
interface BucketReading {
  readonly size: number;
  readonly left: number;
}

/**
 * Buckets that this server has just found used up. Whoever sends on is refused before the work: each would otherwise be
 * evaluated in vain, and the group that it falls out of would have to go again.
 */
export class UsedUp {
  readonly #byParty = new Map<string, BucketReading & { readonly at: Date }>();

  note(party: string, found: BucketReading, now: Date): void {
    this.#byParty.set(party, { ...found, at: now });
  }

  /** @throws Problem `quota-exceeded` */
  assertMayHave(
    party: string,
    { units, purpose }: { readonly units: number; readonly purpose: ToldPurpose },
    now: Date,
  ): void {
    const found = this.#byParty.get(party);
    if (!found) return;
    const needed = units + leavesFor(purpose, found.size);
    if (needed <= found.left) return;
    // Also where the clock was set back.
    const isOld = Math.abs(now.getTime() - found.at.getTime()) >= rememberedFor;
    if (isOld) this.#byParty.delete(party);
    else throw new Problem('quota-exceeded', { retryAfterSeconds: secondsUntil(needed, found) });
  }
}

const servers = new WeakMap<object, UsedUp>();

/** One for each server. */
export function usedUpOf(services: object): UsedUp {
  const usedUp = servers.get(services) ?? new UsedUp();
  servers.set(services, usedUp);
  return usedUp;
}
