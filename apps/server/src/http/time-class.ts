import { setTimeout as delay } from 'node:timers/promises';

/** The time class, in milliseconds, of what took `took`: `smallest`, twice that, four times that … */
export function timeClass(took: number, smallest: number): number {
  let at = smallest;
  while (at < took) at *= 2;
  return at;
}

/**
 * Waits until the time class of what began at `begun`, by `performance.now()`. A first disclosure takes twice the time of an
 * answer without a record: whoever sees the line between a platform and us, and reads none of it, could tell them apart.
 */
export async function untilTimeClass(begun: number, smallest: number): Promise<void> {
  if (smallest === 0) return;
  const took = performance.now() - begun;
  // Timers are of whole milliseconds, and may come early by a part of one.
  await delay(Math.ceil(timeClass(took, smallest) - took));
}
