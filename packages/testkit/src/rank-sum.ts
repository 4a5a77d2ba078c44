/** Mann and Whitney: how many standard deviations the ranks of the first lie above those of the second. */
export function rankSum(first: readonly number[], second: readonly number[]): number {
  const [n, m] = [first.length, second.length];
  let above = 0;
  for (const a of first) for (const b of second) above += a > b ? 1 : a === b ? 0.5 : 0;
  return (above - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}
