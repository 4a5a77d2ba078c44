import type { TestRegistry } from '@recourse/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCheckRegistry } from './checks-fixture.ts';
import { logSeeds } from './doctor-fixture.ts';
import { lives } from './model/acts.ts';
import { Casting } from './model/cast.ts';
import { play } from './model/play.ts';
import { ownWire } from './model/wire.ts';
import { report } from './report-fixture.ts';
import { keepCounting } from '../src/readers/report/count-log.ts';

const runs = Number(process.env['RECOURSE_REPORT_RUNS'] ?? 40);

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
  await logSeeds({ db: registry.db, now: registry.now() });
});
afterAll(() => registry.close());

test(
  `after any order of acts, retries and clock moves, tables and ledger give the same figures: ${runs}`,
  { timeout: 3_600_000 },
  async () => {
    const reached = new Set<string>();
    const casting = new Casting(registry);
    const { vault, deadlines } = registry.services;
    const { recallHours } = deadlines;
    await keepCounting(registry.db, { vault, recallHours });
    const wire = ownWire(registry);
    const property = fc.asyncProperty(lives, async (script) => {
      await play(casting, { script, wire, reached });
      const { agrees, comparison } = await report(registry);
      // Of what the lives before left the figures are kept.
      const whole = await report(registry, 'delete from report_fold');
      expect({ script, ...comparison }).toEqual({ script, ...whole.comparison });
      await keepCounting(registry.db, { vault, recallHours, atOnce: 1 + script.acts.length });
      expect({ script, agrees, ...comparison }).toMatchObject({ agrees: true, differences: [] });
    });
    await fc.assert(property, { numRuns: runs, endOnFailure: true, seed: 20261125 });
  },
);
