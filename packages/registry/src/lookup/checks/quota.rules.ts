import type { ToldPurpose } from '@recourse/protocol';

/** In which an empty bucket is full again. */
export const refillSeconds = 86_400;

const keeping: ReadonlySet<ToldPurpose> = new Set<ToldPurpose>([
  'payout-change',
  'account-recovery',
  'safety-review',
  'vouching',
]);

/** A fifth of the bucket is kept for payout changes, recovery and safety reviews, and for vouching. */
export const keptOf = (size: number): number => Math.floor(size / 5);

/** Whether the whole bucket is for it. */
export const isKeptFor = (purpose: ToldPurpose): boolean => keeping.has(purpose);

/** Units that a call leaves in the bucket, for those that they are kept for. */
export const leavesFor = (purpose: ToldPurpose, size: number): number =>
  isKeptFor(purpose) ? 0 : keptOf(size);

/** The bucket of a platform as it was last charged. One evaluated element is one unit. */
export interface Bucket {
  readonly size: number;
  /** Units that were not back at `at` */
  readonly spent: number;
  readonly at: Date;
}

/** Units there are at `now`: each comes back evenly over a day. */
export function unitsLeft({ size, spent, at }: Bucket, now: Date): number {
  const seconds = Math.max(0, now.getTime() - at.getTime()) / 1000;
  const back = (size * seconds) / refillSeconds;
  return Math.max(0, size - Math.max(0, spent - back));
}

/** When the bucket is full again, if nothing is taken from it until then. */
export function fullAt(bucket: Bucket, now: Date): Date {
  const missing = bucket.size === 0 ? 0 : 1 - unitsLeft(bucket, now) / bucket.size;
  return new Date(now.getTime() + missing * refillSeconds * 1000);
}

/**
 * In how many seconds the units that were asked for are there: at least 1, and a day at most. More than the bucket
 * holds is never there; the day then only spares repeated calls.
 */
export function secondsUntil(
  units: number,
  bucket: { readonly size: number; left: number },
): number {
  if (units > bucket.size) return refillSeconds;
  const seconds = Math.ceil(((units - bucket.left) / bucket.size) * refillSeconds);
  return Math.min(Math.max(seconds, 1), refillSeconds);
}

/**
 * The calls that there are no units for, served in the order they came; a later one that asks for less, or that units are
 * kept for, may fit.
 */
export function unserved<C extends { readonly units: number; readonly leaves: number }>(
  calls: readonly C[],
  left: number,
): C[] {
  let rest = left;
  return calls.filter(({ units, leaves }) => {
    if (units + leaves > rest) return true;
    rest -= units;
    return false;
  });
}

/**
 * Units that a server takes out of a bucket before it spends them: what is needed now, and of what is left then a tenth at
 * most for the calls to come, as many as came in the last seconds. None where what is needed is not there: then whoever
 * asks spends the rest one by one.
 *
 * @param found.left units that the bucket holds
 * @param found.leaves those that stay in it for others
 * @param asked.needed now
 * @param asked.recent spent in the last seconds
 */
export function sliceOf(
  found: { readonly left: number; readonly leaves: number },
  asked: { readonly needed: number; readonly recent: number },
): number {
  const free = Math.floor(found.left - found.leaves) - asked.needed;
  if (free < 0) return 0;
  return asked.needed + Math.min(asked.recent, Math.floor(free / 10));
}
