import { startTestRegistry, testId, type TestRegistry } from '@recourse/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listParties } from '../src/parties/directory.ts';
import { resultOf } from './checks-fixture.ts';
import { entriesOf, refusalOf } from './parties-fixtures.ts';
import { byBoth, platformId } from './parties-operator-fixtures.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

const limitsOf = async (registry: TestRegistry, party: string) =>
  (await listParties(registry.db, registry.now())).find((row) => row.party === party)?.limits;

describe('a daily bound', () => {
  const party = () => platformId(registry.parties.tubely);
  const set = (input: object) =>
    registry.call(registry.parties.operator[0], 'platforms.setQuota', { party: party(), ...input });

  const setByBoth = (input: object) =>
    byBoth(registry, 'platforms.setQuota', { party: party(), ...input });

  test('is raised by one operator, in the public log', async () => {
    resultOf(await setByBoth({ elementsPerDay: 10, submissionsPerDay: 10 }));
    const executed = { result: { state: 'executed' } };
    expect((await set({ elementsPerDay: 800 })).body).toMatchObject(executed);
    expect((await set({ submissionsPerDay: 20 })).body).toMatchObject(executed);
    const logged = (await entriesOf(registry, 'limits')).at(-1)?.detail;
    const call = expect.stringMatching(/^[\w-]{43}$/) as string;
    expect(logged).toEqual({ party: party(), submissionsPerDay: 20, call });
    expect(await limitsOf(registry, party())).toEqual({
      submissionsPerDay: 20,
      elementsPerDay: 800,
    });
  });

  test('beyond what the platform declared is set by two', async () => {
    // Declared nothing: 1,000 signups, of 8 elements each.
    for (const input of [{ elementsPerDay: 8_001 }, { submissionsPerDay: 1_001 }]) {
      const before = await limitsOf(registry, party());
      const alone = await set(input);
      expect(alone.body).toMatchObject({ result: { state: 'proposed' } });
      expect((await set(input)).body).toMatchObject({ result: { state: 'proposed' } });
      expect(await limitsOf(registry, party())).toEqual(before);
      const quota = { party: party(), ...input };
      const second = await registry.call(registry.parties.operator[1], 'platforms.setQuota', quota);
      expect(second.body).toMatchObject({ result: { state: 'executed' } });
      expect(await limitsOf(registry, party())).toEqual({ ...before, ...input });
    }
    resultOf(await setByBoth({ elementsPerDay: 800, submissionsPerDay: 20 }));
  });

  test('lower than a platform has is set by two: one alone stops nobody', async () => {
    const before = await limitsOf(registry, party());
    for (const input of [
      { elementsPerDay: 0 },
      { submissionsPerDay: 0 },
      { elementsPerDay: 801, submissionsPerDay: 19 },
    ]) {
      expect((await set(input)).body).toMatchObject({ result: { state: 'proposed' } });
      expect((await set(input)).body).toMatchObject({ result: { state: 'proposed' } });
      expect(await limitsOf(registry, party())).toEqual(before);
    }
    resultOf(await setByBoth({ elementsPerDay: 0 }));
    expect(await limitsOf(registry, party())).toEqual({ ...before, elementsPerDay: 0 });
    expect((await set({ elementsPerDay: 800 })).body).toMatchObject({
      result: { state: 'executed' },
    });
    expect(await limitsOf(registry, party())).toEqual(before);
  });

  test('that nobody set is lowered by two as well', async () => {
    const { market } = registry.parties;
    for (const input of [{ elementsPerDay: 7_999 }, { submissionsPerDay: 1_000 }]) {
      const answer = await set({ party: platformId(market), ...input });
      expect(answer.body).toMatchObject({ result: { state: 'proposed' } });
    }
    expect(await limitsOf(registry, market.id)).toEqual({});
  });

  test('beyond it, or lower, is not set by SQL, nor are signups declared anew', async () => {
    const refused = { code: '23514' };
    const row = registry.db.updateTable('parties').where('id', '=', party());
    await expect(row.set({ elements_per_day: 8_001 }).execute()).rejects.toMatchObject(refused);
    await expect(row.set({ submissions_per_day: 1_001 }).execute()).rejects.toMatchObject(refused);
    const registration = sql<never>`registration || '{"signupsPerDay": 1000000}'`;
    await expect(row.set({ registration }).execute()).rejects.toMatchObject(refused);
    await row.set({ elements_per_day: 8_000 }).execute();
    for (const lower of [{ elements_per_day: 7_999 }, { submissions_per_day: 19 }])
      await expect(row.set(lower).execute()).rejects.toMatchObject(refused);
    await row.set({ elements_per_day: null }).execute();
    const other = registry.db.updateTable('parties').where('id', '=', registry.parties.market.id);
    for (const first of [{ elements_per_day: 7_999 }, { submissions_per_day: 1_000 }])
      await expect(other.set(first).execute()).rejects.toMatchObject(refused);
    // An act of two that another transaction executed before is none of this one.
    resultOf(await setByBoth({ elementsPerDay: 800 }));
    await expect(row.set({ elements_per_day: 0 }).execute()).rejects.toMatchObject(refused);
  });

  test('of nothing or of nobody is refused', async () => {
    expect(refusalOf(await set({}))).toBe('invalid-input/required');
    const nobody = testId('plt', registry.now());
    expect(refusalOf(await set({ party: nobody, elementsPerDay: 1 }))).toBe('not-found');
  });
});
