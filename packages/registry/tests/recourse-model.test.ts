import type { TestRegistry } from '@recourse/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCheckRegistry } from './checks-fixture.ts';
import { found, logSeeds } from './doctor-fixture.ts';
import { newSigner } from './ledger-fixture.ts';
import { scripts } from './model/acts.ts';
import { play } from './model/play.ts';

// Life, appeal and recall under any order of acts, retries and clock moves: after every act the registry says what
// a model says that was written from the rules, in the end everybody who was told got the recalls of the model, and
// tables and log are one.

const runs = Number(process.env['RECOURSE_MODEL_RUNS'] ?? 300);

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
  await logSeeds({ db: registry.db, now: registry.now() });
});
afterAll(() => registry.close());

test(
  `lives under any order of acts, retries and clock moves: ${runs}`,
  { timeout: 1_500_000 },
  async () => {
    let acts = 0;
    await fc.assert(
      fc.asyncProperty(scripts, fc.boolean(), async (script, answersNow) => {
        acts += await play(registry, { script, answersNow });
      }),
      { numRuns: runs, endOnFailure: true, ...seedOf() },
    );
    expect(acts).toBeGreaterThan(runs);
    const { key } = await newSigner();
    expect(await found({ registry }, { key }, [])).toEqual([]);
  },
);

/**
 * The same scripts each time, so that a change is to blame for a failure. To look for others set the seed to `any`;
 * to play a failure again, seed and path to what fast-check printed, and one run.
 */
function seedOf(): { seed?: number; path?: string } {
  const seed = process.env['RECOURSE_MODEL_SEED'] ?? '20261125';
  const path = process.env['RECOURSE_MODEL_PATH'];
  return { ...(seed === 'any' ? {} : { seed: Number(seed) }), ...(path ? { path } : {}) };
}
