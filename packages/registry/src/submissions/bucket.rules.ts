export const bucketFloor = 20;
export const bucketDays = 90;
const timesMedian = 3;

/**
 * Submissions one holder may make in 24 h: 3 x the 90-day daily median, at least 20, so that a stolen key
 * cannot record more than a bad day's worth; or what the operator set.
 * @param counts submissions of each day that had any; the other days count as zero
 */
export function bucketLimit(counts: readonly number[], setByOperator: number | null): number {
  return setByOperator ?? Math.max(bucketFloor, timesMedian * dailyMedian(counts));
}

function dailyMedian(counts: readonly number[]): number {
  const idle = Math.max(0, bucketDays - counts.length);
  const days = [...Array.from({ length: idle }, () => 0), ...counts].toSorted((a, b) => a - b);
  const middle = Math.floor(days.length / 2);
  const upper = days[middle] ?? 0;
  return days.length % 2 === 1 ? upper : ((days[middle - 1] ?? 0) + upper) / 2;
}
