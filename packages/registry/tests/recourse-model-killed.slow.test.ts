import type { TestRegistry } from '@recourse/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomBytes } from 'node:crypto';
import { startCheckRegistry } from './checks-fixture.ts';
import { found, logSeeds } from './doctor-fixture.ts';
import { newSigner } from './ledger-fixture.ts';
import { lives } from './model/acts.ts';
import { Casting } from './model/cast.ts';
import { KilledServers } from './model/killed-wire.ts';
import { play } from './model/play.ts';

// The same lives, on servers that are killed at any statement of any call: nothing is done by half, and what is asked
// again of the next server happens once.

const runs = Number(process.env['RECOURSE_MODEL_KILLED_RUNS'] ?? 5);
const seed = Number(process.env['RECOURSE_MODEL_SEED'] ?? '20261125');
const path = process.env['RECOURSE_MODEL_PATH'];

const vaultKey = randomBytes(32);
let registry: TestRegistry;
let servers: KilledServers;
beforeAll(async () => {
  registry = await startCheckRegistry({ vaultKey });
  await logSeeds({ db: registry.db, now: registry.now() });
  servers = new KilledServers(registry, { vaultKey });
});
afterAll(async () => {
  await servers.close();
  await registry.close();
});

const points = fc.infiniteStream(fc.noBias(fc.nat({ max: 9_999 })));

test(
  `lives on servers that are killed: ${runs}, seed ${seed}`,
  { timeout: 3_600_000 },
  async (context) => {
    const casting = new Casting(registry);
    const property = fc.asyncProperty(lives, points, async (script, point) => {
      servers.random = () => Number(point.next().value) / 10_000;
      await play(casting, { script, wire: servers.wire, reached: new Set() });
    });
    await fc.assert(property, {
      numRuns: runs,
      endOnFailure: true,
      seed,
      ...(path ? { path } : {}),
    });
    expect(servers.kills).toBeGreaterThan(0);
    await context.annotate(`${servers.kills} servers were killed`);
    const { key } = await newSigner();
    expect(await found({ registry }, { key }, [])).toEqual([]);
  },
);
