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

/** Units that a call leaves in the bucket, for those that they are kept for. */
export const leavesFor = (purpose: ToldPurpose, size: number): number =>
  keeping.has(purpose) ? 0 : keptOf(size);

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
