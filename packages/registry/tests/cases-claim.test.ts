import { caseKey } from '@recourse/protocol';
import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claim, newCase, open, resultOf } from './cases-fixture.ts';
import { problem, sqlState } from './sanctions-harness.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

test('of eight claims at once one has the case', async () => {
  const { sanction, code } = await newCase(registry);
  const keys = Array.from({ length: 8 }, newSecret);
  const answers = await Promise.all(
    keys.map((newKey) => registry.caseCall('case.claim', { code, newKey })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const lost = answers.filter(({ status }) => status !== 200);
  expect(lost.map(problem)).toEqual(lost.map(() => ['state-conflict', 'claimed']));
  const winner = keys[answers.findIndex(({ status }) => status === 200)]!;
  for (const key of keys) {
    expect((await open(registry, key)).status).toBe(key === winner ? 200 : 404);
  }
  const rows = await registry.db
    .selectFrom('case_holders')
    .select('key_hash')
    .where('sanction', '=', sanction)
    .execute();
  expect(rows).toEqual([{ key_hash: caseKey(winner) }]);
});

test('two holders at once are refused by the database, whoever writes them', async () => {
  const { sanction, code } = await newCase(registry);
  await claim(registry, code);
  const second = registry.db
    .insertInto('case_holders')
    .values({
      key_hash: 'another',
      sanction,
      way: 'found',
      positions: [],
      unlocked: false,
      holds: true,
      at: registry.now(),
      ended_at: null,
      ended_as: null,
    })
    .execute();
  expect(await sqlState(second)).toBe('23505');
});

test('the service role takes no case away by deleting or re-dating a holder', async () => {
  expect(await sqlState(registry.db.deleteFrom('case_holders').execute())).toBe('42501');
  const changed = registry.db.updateTable('case_holders').set({ sanction: 'snc' }).execute();
  expect(await sqlState(changed)).toBe('42501');
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
  expect(resultOf(await open(registry, code)).state).toBe('open');
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
    await registry.caseCall('case.contest', { key: code }),
  ];
  const conflicts = (issue: string) => Array.from({ length: 5 }, () => ['state-conflict', issue]);
  expect((await acts()).map(problem)).toEqual(conflicts('claim-first'));
  await claim(registry, code);
  expect((await acts()).map(problem)).toEqual(conflicts('claimed'));
});
