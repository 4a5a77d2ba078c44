import { setTimeout as delay } from 'node:timers/promises';

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
