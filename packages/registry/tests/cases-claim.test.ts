import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appealInput, claim, newCase, open, resultOf } from './cases-fixture.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

test('a code is never used up, and no claimant reads what another wrote', async () => {
  const { code } = await newCase(registry);
  const [one, two] = [await claim(registry, code), await claim(registry, code)];
  const { appeal } = resultOf(await registry.caseCall('case.appeal', { key: one, ...appealInput }));
  resultOf(await registry.caseCall('case.addInformation', { key: one, text: 'Ask my neighbour.' }));
  const [mine] = resultOf(await open(registry, one)).case.appeals;
  expect(mine).toMatchObject({ appeal, joined: true, words: appealInput.words });
  for (const secret of [two, code]) {
    const seen = resultOf(await open(registry, secret)).case;
    expect(seen.appeals).toMatchObject([
      {
        appeal,
        joined: false,
        state: 'open',
        ground: appealInput.ground,
        questions: [],
        files: [],
      },
    ]);
    expect(seen.appeals[0].decisionDueAt).toBe(mine.decisionDueAt);
    expect(JSON.stringify(seen)).not.toMatch(/not what happened|neighbour/);
    expect(seen.facts).toEqual(resultOf(await open(registry, one)).case.facts);
  }
  for (const act of [
    registry.caseCall('case.addInformation', { key: two, text: 'More.' }),
    registry.caseCall('case.withdrawAppeal', { key: two }),
  ]) {
    expect(problem(await act)).toEqual(['state-conflict', 'not-joined']);
  }
});

test('the service role removes no claimant, and changes neither how nor since when they came', async () => {
  const { code } = await newCase(registry);
  await claim(registry, code);
  const { db } = registry;
  const [insufficientPrivilege, checkViolation] = ['42501', '23514'];
  const acts = [
    db.deleteFrom('claimants'),
    db.deleteFrom('claimant_ways'),
    db.deleteFrom('case_codes'),
    db.updateTable('claimants').set({ sanction: 'snc' }),
    db.updateTable('claimants').set({ since: registry.now() }),
    db.updateTable('claimant_ways').set({ position: 1 }),
    db.updateTable('case_codes').set({ position: 1 }),
  ];
  for (const act of acts) expect(await sqlState(act.execute())).toBe(insufficientPrivilege);
  const earlier = db.updateTable('claimant_ways').set({ proven_at: new Date(0) });
  expect(await sqlState(earlier.execute())).toBe(checkViolation);
});

test('a new key differs from the code, opens nothing yet, and carries no number', async () => {
  const { code } = await newCase(registry);
  const other = await newCase(registry);
  const taken = await claim(registry, (await newCase(registry)).code);
  for (const [newKey, issue] of [
    [code, 'used'],
    [other.code, 'used'],
    [taken, 'used'],
    [`${newSecret()}.1`, 'numbered'],
  ] as const) {
    const answer = await registry.caseCall('case.claim', { code, newKey });
    expect(problem(answer)).toEqual(['invalid-input', issue]);
  }
  expect(resultOf(await open(registry, code)).case.access).toBe('code');
});

test('after a rotation the old key opens nothing, and the case is as it was', async () => {
  const { code } = await newCase(registry);
  const key = await claim(registry, code);
  const before = resultOf(await open(registry, key));
  registry.advance(60);
  const newKey = newSecret();
  resultOf(await registry.caseCall('case.rotate', { key, newKey }));
  const old = await open(registry, key);
  expect([old.status, old.guessed]).toEqual([404, true]);
  expect(resultOf(await open(registry, newKey))).toEqual(before);
});

test('the code claims, and does nothing else', async () => {
  const { code } = await newCase(registry);
  const acts = async () => [
    await registry.caseCall('case.rotate', { key: code, newKey: newSecret() }),
    await registry.caseCall('case.receipt', { key: code }),
    await registry.caseCall('case.letter', { key: code }),
    await registry.caseCall('case.withdrawAppeal', { key: code }),
  ];
  const refused = Array.from({ length: 4 }, () => ['state-conflict', 'claim-first']);
  expect((await acts()).map(problem)).toEqual(refused);
  await claim(registry, code);
  expect((await acts()).map(problem)).toEqual(refused);
});
