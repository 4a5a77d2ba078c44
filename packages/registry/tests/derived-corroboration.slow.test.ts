import { toNumericDate, type Corroboration } from '@recourse/protocol';
import { random32, type TestPlatform, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertEnd } from '../src/records/store.ts';
import { resultOf, startCheckRegistry } from './checks-fixture.ts';
import { day, matchesOf, record } from './derived-fixture.ts';
import { build } from './sanctions-harness.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

async function shown(
  by: TestPlatform,
  tokens: readonly string[],
): Promise<[boolean, Corroboration][]> {
  const matches = await matchesOf(registry, by, tokens);
  return matches.map(({ priorMatch, corroboration }) => [priorMatch, corroboration]);
}

/** Runs with two platforms in one group. */
async function inOneGroup(
  platforms: readonly TestPlatform[],
  run: () => Promise<void>,
): Promise<void> {
  const set = (platform: TestPlatform, group_name: string) =>
    registry.ownerDb
      .updateTable('party_groups')
      .set({ group_name })
      .where('party', '=', platform.id)
      .execute();
  for (const platform of platforms) await set(platform, 'one-group');
  try {
    await run();
  } finally {
    for (const platform of platforms) await set(platform, platform.name.toLowerCase());
  }
}

/** Numbers below a bound, the same for every run of a seed. */
function below(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * bound);
  };
}

test.each([1, 2, 3])(
  'two platforms that copy each other never get beyond none, in any order and over years: play %i',
  { timeout: 120_000 },
  async (seed) => {
    const { harbour, tubely, market } = registry.parties;
    const draw = below(seed);
    const person = [random32(), random32(), random32()];
    let records = 0;
    for (let step = 0; step < 14; step++) {
      registry.advance(day * (1 + draw(160)));
      const copier = draw(2) === 0 ? harbour : tubely;
      await matchesOf(registry, copier, person);
      registry.advance(2 * 3600);
      const about = person.filter(() => draw(3) > 0);
      await record(registry, copier, about.length > 0 ? about : person);
      records++;
      const seen = await shown(market, person);
      expect(seen.map(([, corroboration]) => corroboration)).toEqual(seen.map(() => 'none'));
      expect(seen.length).toBeGreaterThan(0);
    }
    expect(records).toBe(14);
  },
);

test('two who found out each for themselves corroborate each other, and one derived from both neither', async () => {
  const { harbour, tubely, market } = registry.parties;
  const token = random32();
  await record(registry, harbour, [token]);
  await record(registry, market, [token]);
  expect(await shown(tubely, [token])).toEqual([
    [false, 'one-other'],
    [false, 'one-other'],
  ]);
  await record(registry, tubely, [token]);
  expect(await shown(harbour, [token])).toEqual([
    [false, 'one-other'],
    [true, 'none'],
  ]);
});

test('a record is derived if any of its subjects was in a check that matched, also one that no record holds', async () => {
  const { harbour, tubely, market } = registry.parties;
  const [listed, unlisted] = [random32(), random32()];
  await record(registry, harbour, [listed]);
  await matchesOf(registry, tubely, [listed, unlisted]);
  await record(registry, tubely, [unlisted]);
  await record(registry, market, [unlisted]);
  expect(await shown(harbour, [unlisted])).toEqual([
    [true, 'none'],
    [false, 'none'],
  ]);
});

test('what was checked 365 days before is derived no more', async () => {
  const { harbour, tubely } = registry.parties;
  const [token, other] = [random32(), random32()];
  await record(registry, harbour, [token]);
  await matchesOf(registry, tubely, [token, other]);
  registry.advance(365 * day - 60);
  const within = await record(registry, tubely, [token]);
  registry.advance(120);
  const [derived] = await registry.db
    .selectFrom('sanctions')
    .select('prior_match')
    .where('id', '=', within)
    .execute();
  expect(derived).toEqual({ prior_match: true });
  const after = await record(registry, tubely, [other]);
  const links = await registry.db
    .selectFrom('derived_records')
    .select('derived')
    .where('derived', 'in', [within, after])
    .execute();
  expect(links).toEqual([{ derived: within }]);
});

test('nor what was told then of another identifier of the same record', async () => {
  const { harbour, tubely } = registry.parties;
  const [asked, beside] = [random32(), random32()];
  const source = await record(registry, harbour, [asked, beside]);
  await matchesOf(registry, tubely, [asked]);
  registry.advance(365 * day - 60);
  const within = await record(registry, tubely, [beside]);
  registry.advance(2 * 3600);
  await record(registry, tubely, [beside]);
  const links = await registry.db
    .selectFrom('derived_records')
    .select('derived')
    .where('source', '=', source)
    .execute();
  expect(links).toEqual([{ derived: within }]);
});

test('a draft is derived from what its platform was told until somebody confirmed it', async () => {
  const { harbour, tubely } = registry.parties;
  const token = random32();
  const input = await build(registry, {
    signedBy: harbour.trust,
    subjects: [{ token }],
  });
  const { sanction } = resultOf(await registry.call(harbour.service, 'sanctions.draft', input)) as {
    sanction: `snc_${string}`;
  };
  await record(registry, tubely, [token]);
  await matchesOf(registry, harbour, [token]);
  resultOf(await registry.call(harbour.trust2, 'sanctions.confirm', { sanctions: [sanction] }));
  await registry.deliver(sanction);
  expect(await shown(registry.parties.market, [token])).toEqual([
    [false, 'none'],
    [true, 'none'],
  ]);
});

test('what a draft follows is counted from its draft, however late it is confirmed', async () => {
  const { harbour, tubely } = registry.parties;
  const token = random32();
  const source = await record(registry, tubely, [token]);
  await matchesOf(registry, harbour, [token]);
  registry.advance(365 * day - 3600);
  const decided = toNumericDate(registry.now()) - 60;
  const input = await build(registry, {
    signedBy: harbour.trust,
    subjects: [{ token, provenAt: decided - 2 * day }],
    statement: { decided_at: decided, incident_from: decided - day, incident_to: decided - 3600 },
  });
  const drafted = await registry.call(harbour.service, 'sanctions.draft', input);
  const { sanction } = resultOf(drafted) as { sanction: `snc_${string}` };
  registry.advance(2 * day);
  resultOf(await registry.call(harbour.trust2, 'sanctions.confirm', { sanctions: [sanction] }));
  const followed = await registry.db
    .selectFrom('derived_records')
    .select('source')
    .where('derived', '=', sanction)
    .execute();
  expect(followed).toEqual([{ source }]);
});

test('platforms of one group are one: neither corroborates the other, and what one was told makes a derived record of the other', async () => {
  const { harbour, tubely, market } = registry.parties;
  const own = random32();
  await record(registry, harbour, [own]);
  await record(registry, tubely, [own]);
  await inOneGroup([harbour, tubely], async () => {
    expect(await shown(market, [own])).toEqual([
      [false, 'none'],
      [false, 'none'],
    ]);
    const token = random32();
    await record(registry, market, [token]);
    await matchesOf(registry, harbour, [token]);
    const derived = await record(registry, tubely, [token]);
    const marked = await registry.db
      .selectFrom('sanctions')
      .select('prior_match')
      .where('id', '=', derived)
      .executeTakeFirstOrThrow();
    expect(marked.prior_match).toBe(true);
  });
});

test('several records of one submitter count once; held, ended and suspended ones not at all', async () => {
  const { harbour, tubely, market } = registry.parties;
  const token = random32();
  await record(registry, harbour, [token]);
  const ids = [await record(registry, market, [token])];
  registry.advance(2 * 3600);
  ids.push(await record(registry, market, [token]));
  expect((await shown(tubely, [token])).map(([, corroboration]) => corroboration)).toEqual([
    'one-other',
    'one-other',
    'one-other',
  ]);
  const [first, second] = ids as [string, string];
  await registry.db
    .insertInto('suspensions')
    .values({
      sanction: first,
      cause: 'relief',
      since: registry.now(),
      until: null,
      lifted_at: null,
    })
    .execute();
  await insertEnd(registry.db, {
    sanction: second,
    kind: 'withdrawn',
    cause: 'error',
    at: registry.now(),
    by_party: market.id,
    artefact: null,
  });
  expect(await shown(tubely, [token])).toEqual([[false, 'none']]);
});
