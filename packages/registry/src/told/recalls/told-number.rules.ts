import type { ToldNumber } from '@recourse/protocol';

const [dayMs, mondayMs] = [86_400_000, 4 * 86_400_000];

/** The last Monday, 0:00 UTC: what happened since is told to nobody by a number. */
export function weekStart(now: Date): Date {
  const week = 7 * dayMs;
  return new Date(Math.floor((now.getTime() - mondayMs) / week) * week + mondayMs);
}

/** Nobody learns from it when one more was told. */
export function toldNumber(count: number): ToldNumber {
  if (count === 0) return 'none';
  return count < 5 ? 'under-five' : 'five-or-more';
}
