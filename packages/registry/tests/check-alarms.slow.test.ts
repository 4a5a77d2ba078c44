import { createHash } from 'node:crypto';
import type { OpOutput } from '@recourse/protocol';
import { seedPlatform, testOrigin, type TestPlatform, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PublishedSets } from '../src/context/published-sets.ts';
import { resultOf } from './checks-fixture.ts';
import { codeOf, QuotaServer, startQuotaRegistry } from './quotas-fixture.ts';

const day = 86_400;
const batch = 64;
const atOnce = 16;
/** The smallest share of a published set: the fewest false hits, and the most chance in them. */
const share = 1 / 128;

/** In this set is what begins with a zero bit seven times. */
const sets: PublishedSets = {
  falseHitShare: () => Promise.resolve(share),
  holds: ({ token }) => Buffer.from(token, 'base64url')[0]! < 2,
};

let registry: TestRegistry;
let server: QuotaServer;
let other: QuotaServer;
let bare: QuotaServer;
let platform: TestPlatform;
let names = 0;
/** So many signed up so far, each with another identifier */
let identifiers = 0;
const clock = { now: new Date() };
beforeAll(async () => {
  registry = await startQuotaRegistry();
  // Its hours go by without the ten seconds after which what was taken goes back.
  server = new QuotaServer(registry, { clock, published: sets, leaseMs: 0 });
  other = new QuotaServer(registry, { clock, published: sets, leaseMs: 0 });
  bare = new QuotaServer(registry, { clock, leaseMs: 0 });
});
afterAll(async () => {
  for (const each of [server, other, bare]) await each.close();
  await registry.close();
});
beforeEach(async () => {
  clock.now = registry.now();
  identifiers = 0;
  const seed = { db: registry.db, audience: testOrigin, now: new Date(Date.now() - 3_600_000) };
  platform = await seedPlatform(seed, `Member${names++}`);
});

const setBucket = (elements: number) =>
  registry.ownerDb
    .updateTable('parties')
    .set({ elements_per_day: elements })
    .where('id', '=', platform.id)
    .execute();

const after = (seconds: number): void => {
  clock.now = new Date(clock.now.getTime() + seconds * 1000);
};

/** The token of the nth identifier that somebody signs up with: the same for everyone, at any date. */
const tokenOf = (n: number | string): string =>
  createHash('sha256').update(`identifier ${n}`).digest('base64url');

/** Random bytes for show: whoever makes them up without the set meets it seldom. */
const madeUp = (n: number): string =>
  Buffer.from(createHash('sha256').update(`made up ${n}`).digest().fill(255, 0, 1)).toString(
    'base64url',
  );

type Asks = (hits: string[], check: string, n: number) => Promise<unknown> | undefined;

const honest: Asks = (hits, check) =>
  hits.length > 0 ? server.match(platform.service, check, hits) : undefined;

/** Evaluates so many elements, and asks about their hits as told. @returns how many were answered */
async function play(elements: number, asks: Asks, by = server): Promise<number> {
  let answered = 0;
  const evaluate = async (): Promise<void> => {
    const from = (identifiers += batch);
    const answer = await by.evaluate(platform.service, batch);
    if (answer.status !== 200) return;
    answered += batch;
    const tokens = Array.from({ length: batch }, (_, n) => tokenOf(from + n));
    const hits = tokens.filter((token) => by === bare || sets.holds({ epoch: 1, token }));
    const { check } = answer.body.result as { check: string };
    await asks(hits, check, from);
  };
  for (let n = 0; n < elements; n += batch * atOnce) {
    const calls = Math.min(atOnce, Math.ceil((elements - n) / batch));
    await Promise.all(Array.from({ length: calls }, evaluate));
  }
  return answered;
}

/** The last element of a window closes it, and the first one after an hour has it judged. */
async function judged(by = server): Promise<string> {
  after(3_600);
  await by.evaluate(platform.service, 1);
  return codeOf(await other.evaluate(platform.service, 1));
}

type Standing = OpOutput<'parties.standing'>['checks'];
const alarms = async (): Promise<Standing['alarms']> => {
  const answer = await server.call(platform.service, 'parties.standing', {});
  return (resultOf(answer) as { checks: Standing }).checks.alarms;
};

describe('a member that looks without asking is stopped', { timeout: 120_000 }, () => {
  beforeEach(() => setBucket(1_000_000));

  test('where it asks nothing', async () => {
    await play(10_048, () => undefined);
    expect(await judged()).toBe('checks-stopped');
    expect(await alarms()).toMatchObject([
      { kind: 'looked-without-asking', counts: { elements: 10_048, expected: 79, empty: 0 } },
    ]);
  });

  test('where it asks a quarter', async () => {
    let hit = 0;
    await play(10_048, (hits, check) =>
      honest(
        hits.filter(() => hit++ % 4 === 0),
        check,
        0,
      ),
    );
    expect(await judged()).toBe('checks-stopped');
  });

  test('where it sends random tokens for show', async () => {
    await play(10_048, (_, check, n) => honest([madeUp(n), madeUp(n + 1)], check, n));
    expect(await judged()).toBe('checks-stopped');
    expect((await alarms())[0]?.counts['empty']).toBe(0);
  });

  test('where it asks again and again about the same one', async () => {
    const [hit] = Array.from({ length: 1000 }, (_, n) => tokenOf(n)).filter((token) =>
      sets.holds({ epoch: 1, token }),
    );
    let first: string | undefined;
    await play(10_048, async (_, check) => {
      first ??= check;
      await honest([hit!, hit!], first, 0);
    });
    expect(await judged()).toBe('checks-stopped');
    expect((await alarms())[0]?.counts['empty']).toBe(1);
  });
});

describe('an honest member is not stopped', { timeout: 120_000 }, () => {
  test('that asks about every hit, window after window', async () => {
    await setBucket(1_000_000);
    for (let window = 0; window < 2; window++) {
      await play(10_048, honest);
      expect(await judged()).toBe('answered');
    }
  });

  test('on a bad day: everything an hour late, a tenth of it lost', async () => {
    await setBucket(1_000_000);
    const late: (() => Promise<unknown> | undefined)[] = [];
    await play(10_048, (hits, check, n) => void late.push(() => honest(hits, check, n)));
    after(3_500);
    for (const [n, ask] of late.entries()) if (n % 10 > 0) await ask();
    after(100);
    expect(await judged()).toBe('answered');
    expect(await alarms()).toEqual([]);
  });

  test('on a bad day: as many signups as its bucket takes, and the usual days after it', async () => {
    await setBucket(3_200);
    await play(3_200, honest);
    after(day / 2);
    await play(1_600, honest);
    after(day / 2);
    await play(1_600, honest);
    for (let days = 0; days < 5; days++) {
      after(day);
      expect(await play(1_280, honest)).toBe(1_280);
    }
    expect(await alarms()).toEqual([]);
  });
});

describe('a member that enumerates is stopped', { timeout: 120_000 }, () => {
  test.each([
    ['with the set', 6_400, () => server],
    ['without one', 640, () => bare],
  ] as const)('by the week, within what its bucket gives: %s', async (_, bucket, by) => {
    await setBucket(bucket);
    let elements = 0;
    const asks: Asks = (hits, check) =>
      hits.length > 0 ? by().match(platform.service, check, hits) : undefined;
    let days = 0;
    for (; days < 14 && (await alarms()).length === 0; days++) {
      elements += await play(bucket, asks, by());
      after(day);
    }
    expect(await alarms()).toMatchObject([{ kind: 'enumeration', counts: { bucket } }]);
    expect(codeOf(await other.evaluate(platform.service, 1))).toBe('checks-stopped');
    expect(days).toBeLessThan(10);
    expect(elements).toBeLessThan(10 * bucket);
  });
});

describe('an alarm', { timeout: 120_000 }, () => {
  beforeEach(async () => {
    await setBucket(1_000_000);
    await play(10_048, () => undefined);
    await judged();
  });

  const restore = (holder: 0 | 1, explained?: 'client-fault') =>
    registry.call(registry.parties.operator[holder], 'platforms.restore', {
      party: platform.id as `plt_${string}`,
      ...(explained ? { explained } : {}),
    });

  test('is lifted by two operators who say in the log what it was', async () => {
    expect(codeOf(await restore(0))).toBe('invalid-input');
    expect(resultOf(await restore(0, 'client-fault'))).toMatchObject({ state: 'proposed' });
    expect(codeOf(await server.evaluate(platform.service, 1))).toBe('checks-stopped');
    expect(resultOf(await restore(1, 'client-fault'))).toMatchObject({ state: 'executed' });
    expect(codeOf(await server.evaluate(platform.service, 1))).toBe('answered');
    expect(await alarms()).toEqual([]);
    const logged = (await registry.pendingEntries()).filter((text) => text.includes(platform.id));
    expect(logged.filter((text) => text.includes('"party-suspended"'))).toMatchObject([
      expect.stringContaining('"why":"looked-without-asking"'),
    ]);
    expect(logged.filter((text) => text.includes('"party-restored"'))).toMatchObject([
      expect.stringContaining('"explained":"client-fault"'),
    ]);
    expect(codeOf(await restore(0, 'client-fault'))).toBe('invalid-input');
  });

  test('begins anew with what comes after it', async () => {
    resultOf(await restore(0, 'client-fault'));
    resultOf(await restore(1, 'client-fault'));
    await play(9_984, () => undefined);
    expect(await judged()).toBe('answered');
  });

  test('names its platform to operators, and stops matches too', async () => {
    const list = await registry.call(registry.parties.operator[0], 'registry.alarms', {});
    expect((resultOf(list) as OpOutput<'registry.alarms'>).alarms).toContainEqual(
      expect.objectContaining({ kind: 'looked-without-asking', party: platform.id }),
    );
    const check = `chk_${platform.id.slice(4)}`;
    expect(codeOf(await server.match(platform.service, check, [tokenOf(1)]))).toBe(
      'checks-stopped',
    );
  });
});
