import { setTimeout as delay } from 'node:timers/promises';
import type { TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askNew, list, resultOf, startCheckRegistry } from './checks-fixture.ts';
import { Copy, doctorOf, publish, publisherOf, tokenWith } from './prefixes-fixture.ts';
import { recorder } from './prefixes-many.ts';
import { day } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

/** Where the widths of 21 and 22 bits begin: 1.25 x 2^14, 1.25 x 2^15 */
const mostTokens = 42_000;

/** How often each member asks, however long a slow machine takes: a day's quota is 1,000 checks for both together. */
const mostQuestions = 400;

/** What goes on at the same time, and what came of it. */
class Growth {
  readonly tokens: string[] = [];
  /** So many of the tokens were recorded before the newest version was begun */
  due = 0;
  readonly widths = new Set<number>();
  missed = 0;
  asked = 0;
  falseHits = 0;
  unlisted = 0;

  /** Something failed: nothing goes on beside the tests that follow */
  isBroken = false;

  get isOver(): boolean {
    const isFull = this.tokens.length >= mostTokens && this.due === this.tokens.length;
    return this.isBroken || isFull;
  }
}

const some = <T>(items: readonly T[], most: number): T[] =>
  Array.from({ length: most }, () => items[Math.floor(Math.random() * items.length)]!);

test('a set that grows over several widths misses no record, whoever looks meanwhile', async () => {
  const known = Array.from({ length: 4 }, () => tokenWith());
  for (const token of known) await list(registry, registry.parties.harbour, about(token));
  registry.advance(4 * day);
  const growth = new Growth();
  const record = await recorder(registry);
  await publish(registry, publisherOf(registry));
  const write = async (): Promise<void> => {
    while (growth.tokens.length < mostTokens && !growth.isBroken)
      growth.tokens.push(...(await record()));
  };
  await Promise.all([
    write(),
    write(),
    write(),
    publishing(growth),
    publishing(growth),
    checking(growth, known),
    checking(growth, known),
  ]).catch((error: unknown) => {
    growth.isBroken = true;
    throw error;
  });
  expect([...growth.widths].toSorted((a, b) => a - b)).toEqual([20, 21, 22]);
  expect([growth.missed, growth.asked > 1_000]).toEqual([0, true]);
  // Between 0.78 and 1.56 %: of some ten thousands.
  expect(growth.falseHits / growth.unlisted).toBeLessThan(0.025);
  expect(await doctorOf(registry)).toEqual([]);
}, 600_000);

const about = (token: string) => ({ subjects: [{ token }] });

/** One of two servers. What was recorded before it began is in the next version. */
async function publishing(growth: Growth): Promise<void> {
  // Sets of these widths are made anew in several transactions.
  const publisher = publisherOf(registry, { atOnce: 4_000 });
  while (!growth.isOver) {
    const { length } = growth.tokens;
    const versions = await publish(registry, publisher);
    if (versions > 0) growth.due = Math.max(growth.due, length);
    // The other has the turn. Time leaps with each try: a call that is on its way would never be in time.
    else await delay(200);
  }
}

/** Time leaps ten seconds for each version: a call that was on its way for too many leaps is signed again. */
async function inTime<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!String(error).includes('clock-skew')) throw error;
    }
  }
}

/** A member that looks, and asks on a hit. */
async function checking(growth: Growth, tokens: readonly string[]): Promise<void> {
  const copy = new Copy(registry);
  const { tubely } = registry.parties;
  // Once more after the end: on a busy machine all of the last width may come and go between two looks.
  for (let round = 0, isLast = false; !isLast; round++) {
    isLast = growth.isOver;
    const due = growth.tokens.slice(0, growth.due);
    await inTime(() => copy.sync());
    growth.widths.add(copy.header!.bits);
    for (const token of due.length > 0 ? some(due, 200) : []) {
      growth.asked++;
      if (!copy.has(token)) growth.missed++;
    }
    const [token] = some(tokens, 1);
    if (!copy.has(token!)) growth.missed++;
    if (round < mostQuestions) {
      const { matches } = await inTime(
        async () => resultOf(await askNew(registry, tubely, [token!])) as { matches: unknown[] },
      );
      if (matches.length === 0) growth.missed++;
    }
    for (let i = 0; i < 1_000; i++) if (copy.has(tokenWith())) growth.falseHits++;
    growth.unlisted += 1_000;
    await delay(50);
  }
}
