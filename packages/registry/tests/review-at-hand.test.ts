import type { OpOutput } from '@recourse/protocol';
import type { TestKey, TestRegistry } from '@recourse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  appealCase,
  appealOf,
  claimCase,
  day,
  decide,
  impersonation,
  newCase,
  readyCase,
  startAppealRegistry,
} from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';

// What a reviewer has at hand beside a case.

let registry: TestRegistry;
beforeEach(async () => {
  registry = await startAppealRegistry();
});
afterEach(() => registry.close());

type Taken = OpOutput<'review.get'>;

const read = async (by: TestKey, appeal: `apl_${string}`): Promise<Taken> =>
  resultOf(await registry.call(by, 'review.get', { appeal })) as Taken;

/** An appeal that a reviewer decided. */
async function decided(
  decision: { outcome: 'upheld' } | { outcome: 'reversed'; cause: 'error' },
  options: Parameters<typeof readyCase>[1] = {},
) {
  const ready = await readyCase(registry, { told: [], ...options });
  resultOf(await decide(registry, { ...ready, by: ready.reviewers[0]!.key, decision }));
  return ready;
}

/** The same for less: nothing is delivered before an appeal is dismissed. */
async function dismissed(): Promise<void> {
  const { panel } = registry.parties;
  const { sanction, claimant } = await newCase(registry, { told: [] });
  const { id: appeal } = await appealCase(registry, { sanction, claimant });
  await claimCase(registry, panel[0], appeal);
  const decision = { outcome: 'dismissed' } as const;
  resultOf(await decide(registry, { by: panel[0], sanction, appeal, decision }));
}

test('the newest five decisions on the same reason, without their records', async () => {
  const { panel } = registry.parties;
  const first = await decided({ outcome: 'reversed', cause: 'error' });
  for (let more = 0; more < 5; more++) await dismissed();
  const theCase = await newCase(registry, { told: [] });
  const { id: appeal } = await appealCase(registry, theCase);
  await claimCase(registry, panel[0], appeal as `apl_${string}`);
  const { earlier } = await read(panel[0], appeal as `apl_${string}`);
  expect(earlier.map(({ outcome }) => outcome)).toEqual(Array(5).fill('dismissed'));
  const dates = earlier.map(({ decidedAt }) => decidedAt);
  expect(dates).toEqual(dates.toSorted().toReversed());
  expect(JSON.stringify(earlier)).not.toMatch(/snc_|apl_|plt_|hld_/);
  expect(JSON.stringify(earlier)).not.toContain(first.sanction);
});

test('no decision on another reason, and none that is older than a year', async () => {
  const { panel } = registry.parties;
  await decided({ outcome: 'reversed', cause: 'error' });
  const other = await newCase(registry, { told: [], statement: impersonation() });
  const { id } = await appealCase(registry, other);
  await claimCase(registry, panel[0], id as `apl_${string}`);
  expect((await read(panel[0], id as `apl_${string}`)).earlier).toEqual([]);
  registry.advance(366 * day);
  const late = await newCase(registry, { told: [] });
  const { id: later } = await appealCase(registry, late);
  await claimCase(registry, panel[0], later as `apl_${string}`);
  expect((await read(panel[0], later as `apl_${string}`)).earlier).toEqual([]);
});

test('never how another reviewer decided about the same record', async () => {
  const { panel } = registry.parties;
  const ready = await decided({ outcome: 'upheld' });
  registry.advance(91 * day);
  const { id } = await appealCase(registry, ready, { news: 'The court has found who did it.' });
  await claimCase(registry, panel[1], id as `apl_${string}`);
  const taken = await read(panel[1], id as `apl_${string}`);
  expect(taken.earlier).toEqual([]);
  expect(JSON.stringify(taken)).not.toContain('upheld');
});

test('the places of the identifiers by kind and control, and the language of the submitter', async () => {
  const { panel } = registry.parties;
  const theCase = await newCase(registry, { told: [] });
  const { id: appeal } = await appealCase(registry, theCase);
  await claimCase(registry, panel[0], appeal as `apl_${string}`);
  const taken = await read(panel[0], appeal as `apl_${string}`);
  expect(taken.subjects).toEqual([
    { index: 0, kind: 'domain', control: 'dns' },
    { index: 1, kind: 'email', control: 'otp' },
  ]);
  expect(taken.evidenceLanguage).toBe('en');
  for (const token of theCase.tokens) expect(JSON.stringify(taken)).not.toContain(token);
});

test('whether the submitter answered, for every side', async () => {
  const { harbour, panel } = registry.parties;
  const theCase = await newCase(registry, { told: [] });
  const { id } = await appealCase(registry, theCase);
  const appeal = id as `apl_${string}`;
  expect((await appealOf(registry, appeal)).respondedAt).toBeUndefined();
  const stand = { text: 'We stand by it: see the order of the logs.' };
  resultOf(await registry.call(harbour.trust, 'appeals.respond', { appeal, stand }));
  expect(Date.parse((await appealOf(registry, appeal)).respondedAt)).toBeGreaterThan(0);
  await claimCase(registry, panel[0], appeal);
  const taken = await read(panel[0], appeal);
  expect('appeal' in taken && taken.respondedAt).toEqual(expect.any(String));
});
