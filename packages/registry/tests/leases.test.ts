import type { TestPlatform, TestRegistry } from '@recourse/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connect } from '../src/kernel/connect.ts';
import { resultOf } from './checks-fixture.ts';
import { codeOf, QuotaServer, startQuotaRegistry } from './quotas-fixture.ts';

let registry: TestRegistry;
let platform: TestPlatform;
let servers: QuotaServer[];
const clock = { now: new Date() };
/** A set in which one identifier in a hundred hits */
const published = { falseHitShare: () => Promise.resolve(0.01), holds: () => true };

beforeAll(async () => {
  registry = await startQuotaRegistry();
  clock.now = registry.now();
  platform = registry.parties.tubely;
});
afterAll(() => registry.close());
beforeEach(() => {
  servers = [0, 1, 2].map(() => new QuotaServer(registry, { clock, published }));
});
afterEach(async () => {
  for (const server of servers) await server.close();
  await registry.ownerDb.deleteFrom('check_meters').execute();
});

const setBucket = async (elements: number): Promise<void> => {
  await registry.ownerDb.updateTable('parties').set({ elements_per_day: elements }).execute();
};

const meter = async (): Promise<{ spent: number; elements: number; expected: number }> =>
  registry.ownerDb
    .selectFrom('check_meters')
    .select(['spent', 'open_elements as elements', 'open_expected as expected'])
    .where('party', '=', platform.id)
    .executeTakeFirstOrThrow();

const evaluate = async (server: QuotaServer, elements: number): Promise<void> =>
  void resultOf(await server.evaluate(platform.service, elements));

test('what a server has taken out of a bucket it spends while somebody else holds the row', async () => {
  await setBucket(100_000);
  // The first is charged alone, the next takes as much again for the calls to come.
  for (let n = 0; n < 4; n++) await evaluate(servers[0]!, 10);
  const taken = (await meter()).spent;
  expect(taken).toBeGreaterThan(40);
  const other = connect({ url: registry.url, role: 'recourse_service', connections: 1 });
  await other.transaction().execute(async (trx) => {
    await trx.selectFrom('check_meters').select('party').forUpdate().execute();
    await evaluate(servers[0]!, taken - 40);
  });
  await other.destroy();
  expect((await meter()).spent).toBe(taken);
});

test('what nobody spends for a while goes back, and counts for no alarm', async () => {
  await setBucket(100_000);
  const server = new QuotaServer(registry, { clock, published, leaseMs: 200 });
  servers.push(server);
  for (let n = 0; n < 4; n++) await evaluate(server, 10);
  await expect.poll(meter).toMatchObject({ spent: 40, elements: 40 });
  expect((await meter()).expected).toBeCloseTo(0.4);
});

test('a server that dies takes a tenth of what was left with it, at most', async () => {
  await setBucket(1_000);
  for (let n = 0; n < 8; n++) await evaluate(servers[0]!, 50);
  const { spent } = await meter();
  expect(spent).toBeGreaterThan(400);
  expect(spent).toBeLessThanOrEqual(400 + (1_000 - 400) / 10);
});

test('a full bucket of 64 is spent by a check of 64', async () => {
  await setBucket(64);
  await evaluate(servers[0]!, 64);
  expect(codeOf(await servers[1]!.evaluate(platform.service, 1))).toBe('quota-exceeded');
});

test('three servers and 96 clients spend no unit twice', { timeout: 120_000 }, async () => {
  await setBucket(6_000);
  const sizes = [64, 17, 3, 1];
  const answered = await Promise.all(
    Array.from({ length: 96 }, async (_, client) => {
      let elements = 0;
      for (let n = 0; n < 4; n++) {
        const size = sizes[(client + n) % sizes.length]!;
        const answer = await servers[client % 3]!.evaluate(platform.service, size);
        if (answer.status === 200) elements += size;
      }
      return elements;
    }),
  );
  for (const { handler } of servers) await handler.close();
  const total = answered.reduce((sum, n) => sum + n, 0);
  const { spent, elements } = await meter();
  expect([spent, elements]).toEqual([total, total]);
  // 96 clients ask for 8,160.
  expect(total).toBeLessThanOrEqual(6_000);
  expect(total).toBeGreaterThan(5_000);
});
