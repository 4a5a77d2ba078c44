import { randomBytes } from 'node:crypto';
import type { TestPlatform, TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { resultOf } from './checks-fixture.ts';
import { byBoth } from './parties-operator-fixtures.ts';
import { codeOf, QuotaServer, startQuotaRegistry } from './quotas-fixture.ts';

let registry: TestRegistry;
let servers: [QuotaServer, QuotaServer];
let platform: TestPlatform;
const clock = { now: new Date() };
beforeAll(async () => {
  registry = await startQuotaRegistry();
  clock.now = registry.now();
  servers = [new QuotaServer(registry, { clock }), new QuotaServer(registry, { clock })];
  platform = registry.parties.tubely;
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await registry.close();
});
beforeEach(async () => {
  await settle();
  // No server remembers what it refused before.
  after(60);
  await registry.ownerDb.deleteFrom('check_meters').execute();
});

/** Servers put back what they took and did not spend. */
const settle = async (): Promise<void> => {
  for (const { handler } of servers) await handler.close();
};

const setBucket = async (elements: number | null): Promise<void> => {
  await registry.ownerDb.updateTable('parties').set({ elements_per_day: elements }).execute();
};

const after = (seconds: number): void => {
  clock.now = new Date(clock.now.getTime() + seconds * 1000);
};

const standing = async () => {
  const answer = await servers[0].call(platform.service, 'parties.standing', {});
  return (resultOf(answer) as { checks: { bucket: number; left: number; fullAt: string } }).checks;
};

/** Elements that the audit says were answered with 200. */
async function audited(): Promise<number> {
  const { n } = await registry.db
    .selectFrom('checks')
    .select(({ fn }) => fn.sum<string>('elements').as('n'))
    .where('at', '=', clock.now)
    .executeTakeFirstOrThrow();
  return Number(n ?? 0);
}

test(
  'two servers and 32 clients answer no more than the bucket holds',
  { timeout: 120_000 },
  async () => {
    await setBucket(10_000);
    const codes = new Set<string>();
    const sizes = [64, 64, 64, 17, 3, 1];
    const answered = await Promise.all(
      Array.from({ length: 32 }, async (_, client) => {
        let elements = 0;
        for (let n = 0; n < 12; n++) {
          const size = sizes[(client + n) % sizes.length]!;
          const answer = await servers[client % 2]!.evaluate(platform.service, size);
          codes.add(codeOf(answer));
          if (answer.status === 200) elements += answer.body.result.evaluated[0].elements.length;
        }
        return elements;
      }),
    );
    const total = answered.reduce((sum, n) => sum + n, 0);
    expect(codes).toEqual(new Set(['answered', 'quota-exceeded']));
    expect(total).toBeLessThanOrEqual(10_000);
    // What was refused did not fit beside what the other server held: a tenth of what was left.
    expect(total).toBeGreaterThan(10_000 - 64 - 200);
    expect(await audited()).toBe(total);
    await settle();
    expect((await standing()).left).toBe(10_000 - total);
  },
);

describe('one bucket', () => {
  test('refuses with the seconds until the units are there, and then serves', async () => {
    await setBucket(864);
    for (let n = 0; n < 13; n++) resultOf(await servers[n % 2]!.alone(platform.service, 64));
    // 32 of 864 are left, and one comes back in 100 s.
    const refused = await servers[0].alone(platform.service, 64);
    expect(codeOf(refused)).toBe('quota-exceeded');
    expect(refused.raw.retryAfterSeconds).toBe(3200);
    expect(refused.raw.receipt).toBeDefined();
    resultOf(await servers[1].alone(platform.service, 32));
    after(3199);
    expect((await servers[0].alone(platform.service, 32)).raw.retryAfterSeconds).toBe(1);
    after(1);
    resultOf(await servers[0].alone(platform.service, 32));
  });

  test('is full again after a day, and holds no more', async () => {
    await setBucket(100);
    resultOf(await servers[0].alone(platform.service, 60));
    expect(await standing()).toMatchObject({ bucket: 100, left: 40 });
    expect(Date.parse((await standing()).fullAt) - clock.now.getTime()).toBeGreaterThan(51_000_000);
    after(5 * 86_400);
    expect(await standing()).toMatchObject({ bucket: 100, left: 100 });
    resultOf(await servers[0].alone(platform.service, 60));
    expect(codeOf(await servers[0].alone(platform.service, 60))).toBe('quota-exceeded');
  });

  test('holds eight elements for each declared signup, 8,000 where none is declared', async () => {
    await setBucket(null);
    expect((await standing()).bucket).toBe(8_000);
    const { id } = platform;
    const parties = registry.ownerDb.updateTable('parties').where('id', '=', id);
    const { registration } = await registry.db
      .selectFrom('parties')
      .select('registration')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const declares = { ...registration!, signupsPerDay: 25 };
    await parties.set({ registration: declares }).execute();
    expect((await standing()).bucket).toBe(200);
    await parties.set({ registration }).execute();
  });

  test('keeps its last fifth for payout changes, recovery, safety reviews and vouching', async () => {
    await setBucket(100);
    const [one, other] = servers;
    const fits = (by: QuotaServer, n: number) => by.alone(platform.service, n, 'monetisation');
    resultOf(await fits(one, 60));
    resultOf(await fits(other, 20));
    const refused = await fits(one, 1);
    expect(codeOf(refused)).toBe('quota-exceeded');
    // A unit comes back in 864 s.
    expect(refused.raw.retryAfterSeconds).toBe(864);
    expect(await standing()).toMatchObject({ bucket: 100, left: 20, kept: 20 });
    resultOf(await one.alone(platform.service, 20));
    expect(codeOf(await other.alone(platform.service, 1))).toBe('quota-exceeded');
    after(21 * 864);
    resultOf(await fits(other, 1));
    expect(codeOf(await fits(one, 1))).toBe('quota-exceeded');
  });

  test('keeps it when both kinds arrive together', async () => {
    await setBucket(100);
    const calls = Array.from({ length: 20 }, (_, n) =>
      servers[n % 2]!.evaluate(platform.service, 10, n < 10 ? 'monetisation' : 'safety-review'),
    );
    const answered = (await Promise.all(calls)).map((answer) => answer.status === 200);
    expect(answered.filter(Boolean)).toHaveLength(10);
    // The last twenty units went to reviews.
    expect(answered.slice(10).filter(Boolean).length).toBeGreaterThanOrEqual(2);
    await settle();
    expect((await standing()).left).toBe(0);
  });

  test('of one platform is not touched by another', async () => {
    await setBucket(64);
    resultOf(await servers[0].alone(platform.service, 64));
    expect(codeOf(await servers[0].alone(platform.service, 1))).toBe('quota-exceeded');
    resultOf(await servers[0].alone(registry.parties.market.service, 64));
  });

  test('is what operators set it to, in the public log', async () => {
    const quota = (elementsPerDay: number) => ({
      party: platform.id as `plt_${string}`,
      elementsPerDay,
    });
    const lower = async (elements: number): Promise<void> =>
      void resultOf(await byBoth(registry, 'platforms.setQuota', quota(elements)));
    await lower(10);
    resultOf(await servers[0].alone(platform.service, 10));
    expect(codeOf(await servers[0].alone(platform.service, 1))).toBe('quota-exceeded');
    const { operator } = registry.parties;
    resultOf(await registry.call(operator[0], 'platforms.setQuota', quota(11)));
    after(1);
    resultOf(await servers[0].alone(platform.service, 1));
    await lower(5);
    expect(await standing()).toMatchObject({ bucket: 5, left: 0 });
    const logged = (await registry.pendingEntries()).filter((text) => text.includes('"limits"'));
    expect(logged).toHaveLength(3);
  });

  test('of none answers nothing, and asks to come back in a day', async () => {
    await setBucket(0);
    const refused = await servers[0].alone(platform.service, 1);
    expect([codeOf(refused), refused.raw.retryAfterSeconds]).toEqual(['quota-exceeded', 86_400]);
  });
});

test('whoever sends on past the quota is refused without the work, for a second', async () => {
  await setBucket(10);
  const [server] = servers;
  expect(codeOf(await server.evaluate(platform.service, 11))).toBe('quota-exceeded');
  await setBucket(20);
  expect(codeOf(await server.evaluate(platform.service, 11))).toBe('quota-exceeded');
  // One that fits is no matter of memory.
  expect(codeOf(await server.evaluate(platform.service, 10))).toBe('answered');
  after(1);
  await setBucket(30);
  expect(codeOf(await server.evaluate(platform.service, 11))).toBe('answered');
});

describe('nothing is charged for', () => {
  beforeEach(() => setBucket(640));

  test('a copy of a call, on whichever server', async () => {
    const blinded = Array.from({ length: 64 }, () => randomBytes(32).toString('base64url'));
    const input = { purpose: 'monetisation', epochs: [1], blinded } as const;
    const compact = await servers[0].sign(platform.service, {
      in: { ...input, epochs: [...input.epochs] },
    });
    const copies = Array.from({ length: 40 }, (_, n) => servers[n % 2]!.send(compact));
    const codes = (await Promise.all(copies)).map(codeOf);
    expect(codes.filter((code) => code === 'answered')).toHaveLength(1);
    expect(codes.filter((code) => code === 'replayed-call')).toHaveLength(39);
    expect((await standing()).left).toBe(576);
  });

  test('a refused evaluation, whatever it was refused for', async () => {
    const input = { purpose: 'signup' as const, epochs: [1], blinded: [tokenOf('a')] };
    const unproven = await servers[0].send(await servers[0].sign(platform.service, { in: input }));
    expect(codeOf(unproven)).toBe('control-not-proven');
    expect(codeOf(await servers[0].evaluate(platform.service, 64))).toBe('answered');
    await setBucket(64);
    expect(codeOf(await servers[0].evaluate(platform.service, 64))).toBe('quota-exceeded');
    await setBucket(128);
    after(1);
    expect((await standing()).left).toBe(64);
  });

  test('a match, and an epoch beside another', async () => {
    const { check } = resultOf(await servers[0].evaluate(platform.service, 3)) as {
      check: string;
    };
    resultOf(await servers[0].match(platform.service, check, [tokenOf('a'), tokenOf('b')]));
    expect((await standing()).left).toBe(637);
  });
});

const tokenOf = (text: string): string => Buffer.alloc(32, text).toString('base64url');
