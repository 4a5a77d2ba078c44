import { caseKey } from '@recourse/protocol';
import { newSecret, rankSum, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseAbout, newCase, open, realTokens } from './cases-fixture.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry({ tokens: await realTokens() });
});
afterAll(() => registry.close());

type Ask = () => Promise<{ status: number }>;
const samples = 400;

/** Milliseconds of two questions, in turns, and who is first by lot, so that a slow minute is slow for both. */
async function timesOf(held: Ask, free: Ask): Promise<{ held: number[]; free: number[] }> {
  const times = { held: [] as number[], free: [] as number[] };
  const asks = { held, free };
  for (let i = -20; i < samples; i++) {
    const order = Math.random() < 0.5 ? (['held', 'free'] as const) : (['free', 'held'] as const);
    for (const side of order) {
      const from = performance.now();
      await asks[side]();
      if (i >= 0) times[side].push(performance.now() - from);
    }
  }
  return times;
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[list.length >> 1]!;

interface Comparison {
  /** Standard deviations by which the ranks of the two lie apart */
  readonly apart: number;
  /** The smallest share of the time that would have been seen, had one of them taken it longer */
  readonly power: number;
}

/** 400 of each, and what they would have shown of a known difference. */
async function compare(label: string, held: Ask, free: Ask): Promise<Comparison> {
  const times = await timesOf(held, free);
  const base = median(times.free);
  const slower = (share: number): number[] => times.held.map((ms) => ms + base * share);
  const seen = (share: number): boolean => rankSum(slower(share), times.free) > bound;
  const power = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5].find(seen) ?? 1;
  const apart = Math.abs(rankSum(times.held, times.free));
  if (process.env['RECOURSE_TIMES']) {
    const medians = { held: median(times.held), free: base };
    process.stdout.write(`${label} ${JSON.stringify({ ...medians, apart, power })}\n`);
  }
  return { apart, power };
}

/** By chance alone once in 15,000 */
const bound = 4;

/** A difference of half the time is always seen, or the test says nothing; on a quiet machine a twentieth is. */
const leastPower = 0.5;

let n = 0;
const fresh = (): string => `free${n++}@mail.example`;

test('case.find takes one time, whether or not anything is held', async () => {
  await caseAbout(registry, [['email', 'held@mail.example']]);
  const ask = (identifier: string) => registry.caseCall('case.find', { kind: 'email', identifier });
  const compared = await compare(
    'case.find',
    () => ask('held@mail.example'),
    () => ask(fresh()),
  );
  expect(compared.apart).toBeLessThan(bound);
  expect(compared.power).toBeLessThanOrEqual(leastPower);
});

test('a wrong proof takes one time, whether or not anything is held', async () => {
  const identifier = 'held2@mail.example';
  await caseAbout(registry, [['email', identifier]]);
  const finds = async (identifier: string): Promise<string> => {
    const { body } = await registry.caseCall('case.find', { kind: 'email', identifier });
    return body.result.data.find;
  };
  const prove = (find: string, identifier: string) =>
    registry.caseCall('case.prove', {
      find: find as `fnd_${string}`,
      identifier,
      proof: 'WRONGC0DE1',
      newKey: newSecret(),
    });
  const free = fresh();
  const made = { held: [] as string[], free: [] as string[] };
  for (let i = 0; i < samples / 2; i++) {
    made.held.push(await finds(identifier));
    made.free.push(await finds(free));
  }
  let [a, b] = [0, 0];
  const compared = await compare(
    'case.prove',
    () => prove(made.held[a++ >> 2]!, identifier),
    () => prove(made.free[b++ >> 2]!, free),
  );
  expect(compared.apart).toBeLessThan(bound);
  expect(compared.power).toBeLessThanOrEqual(leastPower);
});

test('a wrong code takes one time, whether it was one of an erased case or of none', async () => {
  const { sanction, code } = await newCase(registry);
  await registry.ownerDb.deleteFrom('case_keys').where('sanction', '=', sanction).execute();
  const compared = await compare(
    'case.open',
    () => open(registry, code),
    () => open(registry, newSecret()),
  );
  expect(compared.apart).toBeLessThan(bound);
  expect(compared.power).toBeLessThanOrEqual(leastPower);
});

test('a ticket takes one time, whether or not anything is held', async () => {
  const account = (id: number): string => `acct:${id}@tubely.example`;
  await caseAbout(registry, [['account', account(1)]]);
  const vouch = (identifier: string) =>
    registry.call(registry.parties.tubely.trust, 'subjects.ticket', {
      identifier,
      kind: 'account',
      request: caseKey(newSecret()),
    });
  const compared = await compare(
    'subjects.ticket',
    () => vouch(account(1)),
    () => vouch(account(2)),
  );
  expect(compared.apart).toBeLessThan(bound);
  expect(compared.power).toBeLessThanOrEqual(leastPower);
});
