import { newSecret, random32, startTestRegistry, type TestRegistry } from '@recourse/testkit';
import { sql, type KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countGuess, receiptsAnHour, type RefusedSecret } from '../src/cases/guesses.ts';
import { claim, newCase, open, resultOf } from './cases-fixture.ts';

let registry: TestRegistry;

beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry.close());

/** As a wrong secret comes to be counted. */
const guess = (): RefusedSecret => ({
  call: {
    key: { kid: 'case' },
    payload: { iss: 'case', jti: random32(), op: 'case.open', exp: 4_000_000_000, in: {} },
    compact: '',
    hash: random32(),
    keptJti: random32(),
  },
  answer: { status: 404, contentType: 'application/problem+json', body: '{}' },
});

const guesses = 10_000;
const atOnce = 10;

test('ten thousand wrong codes are counted and alarmed, and lock nobody out', async () => {
  const { code } = await newCase(registry);
  const key = await claim(registry, code);
  // From the start of an hour, so that all of them fall into one.
  registry.advance(3601 - (Math.floor(registry.now().getTime() / 1000) % 3600));
  let own = 0;
  for (let i = 0; i < guesses; i += atOnce) {
    const wrong = Array.from({ length: atOnce }, () => open(registry, newSecret()));
    const answers = await Promise.all(wrong);
    expect(answers.every(({ status, guessed }) => status === 404 && guessed)).toBe(true);
    if (i % 200 > 0) continue;
    expect(resultOf(await open(registry, code)).case.access).toBe('code');
    expect(resultOf(await open(registry, key)).case.access).toBe('claimant');
    own++;
  }
  expect(own).toBe(guesses / 200);
  const { n } = await registry.db
    .selectFrom('guesses')
    .select(({ fn }) => fn.sum<number>('n').as('n'))
    .executeTakeFirstOrThrow();
  expect(n).toBe(guesses);
  const alarms = await registry.db
    .selectFrom('alarms')
    .select(['kind', 'counts'])
    .orderBy('at')
    .execute();
  expect(alarms.map(({ kind }) => kind)).toEqual(alarms.map(() => 'case-guesses'));
  const counts = alarms.map((alarm) => alarm.counts['inOneHour']!);
  expect(counts).toEqual([100, 1000, 10_000]);
  // And no more rows than the hour has.
  const rows = registry.db.selectFrom('audited_calls').selectAll().where('status', '=', 404);
  expect(await rows.execute()).toHaveLength(receiptsAnHour);
}, 300_000);

test('guesses that come at once are counted together, and hold few connections', async () => {
  const statements: string[] = [];
  const recorder: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      statements.push(registry.db.getExecutor().compileQuery(node, queryId).sql);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const services = { ...registry.services, db: registry.db.withPlugin(recorder) };
  registry.advance(3600);
  const before = await counted();
  const logged = (await registry.pendingEntries()).length;
  await Promise.all(Array.from({ length: 200 }, () => countGuess(services, guess())));
  expect((await counted()) - before).toBe(200);
  expect(statements.filter((text) => /into "guesses"/.test(text)).length).toBeLessThan(5);
  // And with one entry of the log for each group.
  expect((await registry.pendingEntries()).length - logged).toBeLessThan(5);
});

test('a group of guesses that is not written fails those in it, and no other', async () => {
  let isBroken = true;
  const clock = (): Date => (isBroken ? new Date(Number.NaN) : registry.now());
  const services = { ...registry.services, clock };
  const before = await counted();
  const lost = await Promise.allSettled([
    countGuess(services, guess()),
    countGuess(services, guess()),
  ]);
  expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isBroken = false;
  await countGuess(services, guess());
  expect((await counted()) - before).toBe(1);
});

async function counted(): Promise<number> {
  const { n } = await registry.db
    .selectFrom('guesses')
    .select(({ fn }) => fn.coalesce(fn.sum<number>('n'), sql<number>`0`).as('n'))
    .executeTakeFirstOrThrow();
  return n;
}

test('a secret of nothing and the code of an erased case take times of one class', async () => {
  const [live, erased] = [await newCase(registry), await newCase(registry)];
  await claim(registry, live.code);
  await registry.ownerDb.deleteFrom('case_keys').where('sanction', '=', erased.sanction).execute();
  const times: Record<string, number[]> = { nothing: [], erased: [], claimed: [] };
  for (let i = 0; i < 300; i++) {
    for (const [kind, list] of Object.entries(times)) {
      const secret = { nothing: newSecret(), erased: erased.code }[kind] ?? live.code;
      const from = performance.now();
      await open(registry, secret);
      list.push(performance.now() - from);
    }
  }
  if (process.env['RECOURSE_TIMES']) process.stdout.write(`${JSON.stringify(report(times))}\n`);
  const ratio = share(times['erased']!, 0.5) / share(times['nothing']!, 0.5);
  expect(ratio).toBeLessThan(2);
  expect(ratio).toBeGreaterThan(1 / 2);
}, 60_000);

const share = (list: number[], fraction: number): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length * fraction)]!;

/** Milliseconds that a tenth, half, nine tenths and 99 of 100 take at most. */
const report = (times: Record<string, number[]>) =>
  Object.fromEntries(
    Object.entries(times).map(([kind, list]) => [
      kind,
      [0.1, 0.5, 0.9, 0.99].map((fraction) => Number(share(list, fraction).toFixed(2))),
    ]),
  );
