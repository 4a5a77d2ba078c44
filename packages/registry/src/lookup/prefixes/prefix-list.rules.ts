import { prefixBits } from '@recourse/blind/prefixes';

/** A new version at most so often, when anything changed. */
export const publishEveryMs = 10_000;
/** A set that did not change is published again after this, so that its `asOf` stays younger than the 10 min of members. */
export const renewEveryMs = 4 * 60_000;
/** Members wait so long between two questions: with the above less than the 60 s in which every set has a record. */
export const minWaitSeconds = 30;
/** From versions of this age on a delta is answered. */
export const keptDays = 7;

const snapshotEveryMs = 86_400_000;

/** True where a set that was published at `asOf` is due again; one that is as far ahead of the clock is, too. */
export function isDue(asOf: Date, { now, changed }: { now: Date; changed: boolean }): boolean {
  const apart = Math.abs(now.getTime() - asOf.getTime());
  return apart >= (changed ? publishEveryMs : renewEveryMs);
}

/** The part that the newest snapshot leaves to deltas: prefixes that came or went since. */
export interface SinceSnapshot {
  readonly at: Date;
  readonly changes: number;
}

/** A snapshot a day, sooner where much changed: a full load is one snapshot and a small delta. */
export const isSnapshotDue = (
  since: SinceSnapshot,
  { size, now }: { size: number; now: Date },
): boolean =>
  since.changes > 0 &&
  (since.changes >= Math.max(1_024, size / 32) ||
    Math.abs(now.getTime() - since.at.getTime()) >= snapshotEveryMs);

/** A change costs some 20 bits in a delta, an entry 8 or 9 in a snapshot. */
export const isFullSmaller = (changes: number, size: number): boolean =>
  changes > Math.max(4_096, size / 4);

/** True where a version is young enough for a delta. */
export const isKept = (asOf: Date, now: Date): boolean =>
  now.getTime() - asOf.getTime() <= keptDays * 86_400_000;

/** A narrower set is begun from so few tokens on, as a share of those from which the wider one may not be published. */
const narrowedFrom = 9 / 8;

/** The width for a set that takes a while to make: a narrower one is begun while the old one may still be published. */
export function widthToMake(tokens: number, current: number): number {
  const bits = prefixBits(tokens, current);
  return bits === current ? Math.min(bits, prefixBits(tokens / narrowedFrom, current)) : bits;
}
