import { PrefixSet } from '@recourse/blind/prefixes';
import { expect, it } from 'vitest';
import { connected, first } from './connected.ts';
import { now } from './fake-registry.ts';
import { answersWith } from './records.ts';

// RECOURSE_CHECKED_PEOPLE=10000 takes some minutes.
const people = Number(process.env['RECOURSE_CHECKED_PEOPLE'] ?? 2_500);
const identifiersOfEach = 4;
const identifiers = people * identifiersOfEach;
const concurrency = 16;

/** Prefixes without an order, the same each time: half way to the next width, so that 1.17 % of all hit. */
function halfFullSet(): PrefixSet {
  const bits = 20;
  const prefixes = new Set<number>();
  for (let state = 1; prefixes.size < 1.5 * 2 ** 13;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    prefixes.add(state >>> (32 - bits));
  }
  return PrefixSet.of(Uint32Array.from(prefixes).sort(), bits);
}

// Four identifiers each. Tokens follow from a key and addresses that never change, so the count is the same in each run.
it(`of ${identifiers} identifiers without a record, the registry is asked about 1.6 % at most`, async () => {
  const at = await connected();
  // Nothing of this log is signed: each call would be a promise to look for.
  at.registry.isPromising = false;
  await answersWith(at.registry, []);
  await at.registry.sets.publishSet(halfFullSet());
  let next = 0;
  let ruledOut = 0;
  const checkOn = async (): Promise<void> => {
    while (next < people) {
      const person = next++;
      const email = Array.from(
        { length: identifiersOfEach },
        (_, i) => `nobody-${person}-${i}@example.com`,
      );
      const { advice, from } = await at.recourse.check(
        { email },
        {
          purpose: 'signup',
          provenAt: now,
        },
      );
      expect(advice).toBe('no-record');
      if (from === 'prefix-set') ruledOut++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, checkOn));
  const tokens = at.registry.received
    .filter(({ payload }) => payload.op === 'checks.match')
    .flatMap(({ payload }) => (payload.in as { tokens: unknown[] }).tokens);
  expect(tokens.length).toBeGreaterThan(0.007 * identifiers);
  expect(tokens.length).toBeLessThanOrEqual(0.016 * identifiers);
  expect(ruledOut).toBeGreaterThanOrEqual(people - tokens.length);
  expect(first(tokens)).toMatchObject({ epoch: 1 });
}, 900_000);
