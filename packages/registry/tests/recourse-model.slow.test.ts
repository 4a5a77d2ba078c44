import { rounds, type TestRegistry } from '@recourse/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCheckRegistry } from './checks-fixture.ts';
import { found, logSeeds } from './doctor-fixture.ts';
import { newSigner } from './ledger-fixture.ts';
import { everyWay, lives } from './model/acts.ts';
import { Casting } from './model/cast.ts';
import { play } from './model/play.ts';
import { ownWire } from './model/wire.ts';

// Life, appeal, evidence and recall under any order of acts, retries and clock moves: after every act the registry says
// what a model says that was written from the rules, in the end everybody who was told got the recalls of the model, and
// tables and log are one.

/** So many get everywhere. */
const enough = rounds(160, 300);
const runs = Number(process.env['RECOURSE_MODEL_RUNS'] ?? enough);
/**
 * The same scripts each time, so that a change is to blame for a failure. To look for others set it to `any`; to play a
 * failure again, set seed and path to what fast-check printed, and one run.
 */
const seed = seedOf(process.env['RECOURSE_MODEL_SEED'] ?? '20261125');
const path = process.env['RECOURSE_MODEL_PATH'];
/** Each with a registry and a clock of its own: they wait for the database in turn. */
const lanes = Math.min(4, runs);

let registries: TestRegistry[] = [];
beforeAll(async () => {
  registries = await Promise.all(Array.from({ length: lanes }, startCheckRegistry));
  for (const registry of registries) await logSeeds({ db: registry.db, now: registry.now() });
});
afterAll(() => Promise.all(registries.map((registry) => registry.close())));

test(
  `lives under any order of acts, retries and clock moves: ${runs}, seed ${seed}`,
  { timeout: 3_600_000 },
  async () => {
    const reached = new Set<string>();
    await Promise.all(registries.map((registry, lane) => playLane(registry, { lane, reached })));
    // A script that never gets anywhere shows nothing; a few of them do not get everywhere.
    expect(runs < enough ? [] : everything.filter((one) => !reached.has(one))).toEqual([]);
  },
);

async function playLane(
  registry: TestRegistry,
  { lane, reached }: { lane: number; reached: Set<string> },
): Promise<void> {
  const casting = new Casting(registry);
  const wire = ownWire(registry);
  const property = fc.asyncProperty(lives, (script) => play(casting, { script, wire, reached }));
  await fc.assert(property, {
    numRuns: Math.ceil(runs / lanes),
    endOnFailure: true,
    seed: seed + lane,
    examples: everyWay.filter((_, at) => at % lanes === lane).map((script) => [script]),
    ...(path ? { path } : {}),
  });
  const { key } = await newSigner();
  expect(await found({ registry }, { key }, [])).toEqual([]);
}

const everything = [
  'appeal-with-news',
  'concede',
  'evidence-mismatch',
  'evidence-not-delivered',
  'finding',
  'undecided',
  'no-notice',
  'amended',
  'reject',
  'reopen',
  'dismissed',
  'upheld',
  'reversed',
  'expired',
  'fits',
  'does-not-fit',
  'does-not-open',
  'expression',
  'insufficient-evidence',
  'relief',
  'refuse-relief',
  'submitter-held',
  'submitter-left',
  'order-end',
  'order-restrict',
  'echo-review',
  'confirm-derived',
  'withdraw-derived',
  'echo-overdue',
  'ask-erasure',
  'join',
  'withdraw-joined',
  'record-another',
  'ask',
  'reply',
];

function seedOf(text: string): number {
  return text === 'any' ? Math.floor(Math.random() * 2 ** 31) : Number(text);
}
