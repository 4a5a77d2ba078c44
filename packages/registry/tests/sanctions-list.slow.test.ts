import { sanctionStates, type OpInput, type SanctionRecord } from '@recourse/protocol';
import { fillRecords, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAppealRegistry } from './appeals-harness.ts';
import { resultOf } from './checks-fixture.ts';
import { makeHistory } from './doctor-history.ts';
import { build, notify, stateNotice, submit, withdraw } from './sanctions-harness.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startAppealRegistry();
});
afterAll(() => registry.close());

interface Page {
  readonly sanctions: readonly Omit<SanctionRecord, 'statement'>[];
  readonly next?: string;
}

const read = async (input: OpInput<'sanctions.list'>): Promise<Page> =>
  resultOf(await registry.call(registry.parties.harbour.trust, 'sanctions.list', input)) as Page;

/** All pages of a list, with how many there were. */
async function readAll(input: OpInput<'sanctions.list'>) {
  const sanctions: Page['sanctions'][number][] = [];
  let [cursor, pages]: [string | undefined, number] = [undefined, 0];
  do {
    const page: Page = await read({ ...input, ...(cursor === undefined ? {} : { cursor }) });
    sanctions.push(...page.sanctions);
    cursor = page.next;
    pages += 1;
  } while (cursor !== undefined);
  return { sanctions, pages };
}

test('pages by state hold each record in that state, also where time alone brought it about', async () => {
  await makeHistory(registry);
  // Told of, and held for some days after.
  await stateNotice(registry, (await submit(registry)).id);
  const seen = new Set<string>();
  for (const leap of [0, 8 * 86_400, 300 * 86_400]) {
    // No job runs: what falls due by then stands in no row.
    registry.advance(leap);
    const { sanctions } = await readAll({ limit: 100 });
    expect(sanctions.length).toBeGreaterThan(10);
    for (const state of sanctionStates) {
      const all = sanctions.filter((sanction) => sanction.state === state);
      const { sanctions: listed } = await readAll({ state, limit: 3 });
      expect(listed).toEqual(all);
      if (all.length > 0) seen.add(state);
    }
  }
  expect([...seen].toSorted()).toEqual([...sanctionStates].toSorted());
}, 60_000);

test('a reference, an id and the drafts that were given back are found by the registry', async () => {
  const ref = 'case-of-the-house-17';
  const { id } = await submit(registry, { submission: { ref } });
  await submit(registry);
  expect((await read({ ref })).sanctions.map(({ sanction }) => sanction)).toEqual([id]);
  expect((await read({ sanction: id as `snc_${string}` })).sanctions).toHaveLength(1);
  expect((await read({ ref, state: 'visible' })).sanctions).toEqual([]);
  const { trust, trust2 } = registry.parties.harbour;
  const { sanction } = resultOf(
    await registry.call(trust, 'sanctions.draft', await build(registry)),
  ) as { sanction: `snc_${string}` };
  expect((await read({ returned: true })).sanctions).toEqual([]);
  resultOf(await registry.call(trust2, 'sanctions.returnDraft', { sanction, reason: 'Anew.' }));
  expect((await read({ returned: true })).sanctions).toMatchObject([{ sanction }]);
});

test('nobody finds the record of another platform by its reference or id', async () => {
  const ref = 'another-case-of-the-house';
  const { id } = await submit(registry, { submission: { ref } });
  const { trust } = registry.parties.tubely;
  for (const query of [{ ref }, { sanction: id as `snc_${string}` }]) {
    expect(resultOf(await registry.call(trust, 'sanctions.list', query))).toEqual({
      sanctions: [],
    });
  }
});

test('a page by state reads a thousand records at most, and its cursor goes on behind them', async () => {
  const { id: rare } = await submit(registry);
  await withdraw(registry, rare);
  const { id } = await submit(registry);
  await notify(registry, id);
  await fillRecords(registry.ownerDb, { like: id, count: 1500, now: registry.now(), name: 'case' });
  const first = await read({ state: 'withdrawn', limit: 100 });
  expect(first.sanctions).toEqual([]);
  expect(first.next).toBeDefined();
  const { sanctions } = await readAll({ state: 'withdrawn', limit: 100 });
  expect(sanctions.map(({ sanction }) => sanction)).toContain(rare);
  expect((await readAll({ state: 'visible', limit: 100 })).pages).toBe(16);
});
