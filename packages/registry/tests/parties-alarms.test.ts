import type { OpOutput } from '@recourse/protocol';
import { startTestRegistry, testId, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertAlarm } from '../src/parties/alarm-store.ts';
import { resultOf } from './checks-fixture.ts';
import { problem } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

type Alarms = OpOutput<'registry.alarms'>;

const list = async (input: { cursor?: string; limit?: number }): Promise<Alarms> =>
  resultOf(await registry.call(registry.parties.operator[0], 'registry.alarms', input)) as Alarms;

test('the operator reads alarms, the newest first, page by page', async () => {
  for (let n = 1; n <= 5; n++) {
    // Two of one instant: a page may end between them.
    const at = new Date(Date.UTC(2026, 0, Math.ceil(n / 2)));
    const id = testId('chk', at).replace('chk', 'evt');
    await insertAlarm(registry.db, { id, kind: 'case-guesses', counts: { inOneHour: n }, at });
  }
  const seen: Alarms['alarms'] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 1, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...page.alarms);
    cursor = page.next;
  } while (cursor !== undefined);
  expect(seen).toEqual((await list({})).alarms);
  expect(new Set(seen.map(({ counts }) => counts['inOneHour']))).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(seen.map(({ at }) => at)).toEqual(
    seen
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  );
});

test('nobody else does, and a cursor that no list gave out is refused', async () => {
  const { tubely, panel, operator } = registry.parties;
  for (const key of [tubely.admin, tubely.service, panel[0]]) {
    expect(problem(await registry.call(key, 'registry.alarms', {}))).toEqual(['role-not-allowed']);
  }
  const made = await registry.call(operator[0], 'registry.alarms', { cursor: 'made-up' });
  expect(problem(made)).toEqual(['invalid-input', 'unknown']);
});
