import { setTimeout as delay } from 'node:timers/promises';

/** The answer that has been the same for two seconds: what was on its way has come. */
export async function settled<T extends string | number>(ask: () => T | Promise<T>): Promise<T> {
  let answer = await ask();
  for (let since = performance.now(); performance.now() - since < 2_000; await delay(50)) {
    const next = await ask();
    if (next !== answer) since = performance.now();
    answer = next;
  }
  return answer;
}

/** The first answer that is as it is awaited, within so many seconds. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isSo: (answer: T) => boolean,
): Promise<T> {
  for (const until = performance.now() + 60_000; ;) {
    const answer = await ask();
    if (isSo(answer) || performance.now() > until) return answer;
    await delay(50);
  }
}
