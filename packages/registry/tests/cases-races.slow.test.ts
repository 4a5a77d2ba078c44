import { newSecret, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  appealInput,
  caseAbout,
  claim,
  findByEmail,
  newCase,
  open,
  realTokens,
  resultOf,
} from './cases-fixture.ts';
import { day, notify, problem } from './sanctions-harness.ts';

let registry: TestRegistry;
let addresses = 0;

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

async function noticed() {
  const email = `race${addresses++}@mail.example`;
  const made = await caseAbout(registry, [['email', email]]);
  await notify(registry, made.sanction);
  return { ...made, email };
}

const rounds = 8;
const each = async (round: () => Promise<void>): Promise<void> => {
  for (let i = 0; i < rounds; i++) {
    await round();
    // A platform submits so many a day.
    registry.advance(day / 5);
  }
};

const claimants = (sanction: string) =>
  registry.db
    .selectFrom('claimants')
    .select('id')
    .where('sanction', '=', sanction)
    .where('left_at', 'is', null)
    .execute();

const openAppeals = (sanction: string) =>
  registry.db
    .selectFrom('appeals')
    .select('id')
    .where('sanction', '=', sanction)
    .where('closed_at', 'is', null)
    .execute();

test('of eight appeals at once one is opened, and the others say that there is one', () =>
  each(async () => {
    const { sanction, code } = await noticed();
    const key = await claim(registry, code);
    const appeals = await Promise.all(
      Array.from({ length: 8 }, () => registry.caseCall('case.appeal', { key, ...appealInput })),
    );
    const lost = appeals.filter(({ status }) => status !== 200);
    expect(lost.map(problem)).toEqual(
      Array.from({ length: 7 }, () => ['state-conflict', 'already-open']),
    );
    expect(await openAppeals(sanction)).toHaveLength(1);
  }));

test('two who found one case and appeal at once: one appeal is opened, and both are claimants', () =>
  each(async () => {
    const { sanction, email } = await noticed();
    const [one, two] = [await findByEmail(registry, email), await findByEmail(registry, email)];
    const answers = await Promise.all(
      [one, two].map(({ newKey }) =>
        registry.caseCall('case.appeal', { key: `${newKey}.1`, ...appealInput }),
      ),
    );
    const lost = answers.filter(({ status }) => status !== 200);
    expect(lost.map(problem)).toEqual([['state-conflict', 'already-open']]);
    expect(await claimants(sanction)).toHaveLength(2);
    expect(await openAppeals(sanction)).toHaveLength(1);
  }));

test('of eight claims by one code at once each has a key of its own', () =>
  each(async () => {
    const { sanction, code } = await noticed();
    const keys = await Promise.all(Array.from({ length: 8 }, () => claim(registry, code)));
    for (const key of keys) resultOf(await open(registry, key));
    expect(await claimants(sanction)).toHaveLength(8);
  }));

test('a claim, a rotation of it and the same key for two cases at once leave one key a case', () =>
  each(async () => {
    const [one, two] = [await newCase(registry), await newCase(registry)];
    const newKey = newSecret();
    const answers = await Promise.all(
      [one, two].map(({ code }) => registry.caseCall('case.claim', { code, newKey })),
    );
    const lost = answers.filter(({ status }) => status !== 200);
    expect(lost.map(problem)).toEqual([['invalid-input', 'used']]);
    const won = answers[0]?.status === 200 ? one : two;
    expect(resultOf(await open(registry, newKey)).case.sanction).toBe(won.sanction);
    const rotations = await Promise.all(
      [newSecret(), newSecret()].map((next) =>
        registry.caseCall('case.rotate', { key: newKey, newKey: next }),
      ),
    );
    expect(rotations.map(({ status }) => status).toSorted()).toEqual([200, 404]);
    expect(await claimants(won.sanction)).toHaveLength(1);
  }));
