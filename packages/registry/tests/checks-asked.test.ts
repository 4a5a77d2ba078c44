import { settleDue } from '@recourse/registry';
import { random32, testOrigin, type TestAnswer, type TestRegistry } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallHandler } from '../src/calls/handle-call.ts';
import { resultOf, startCheckRegistry, subject, list, ask, newElement } from './checks-fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startCheckRegistry();
});
afterAll(() => registry.close());

const published = { falseHitShare: () => Promise.resolve(1 / 100), holds: () => true };

async function evaluate(elements: number, epochs = [1]): Promise<string> {
  const answer = await registry.call(registry.parties.tubely.service, 'checks.evaluate', {
    purpose: 'monetisation',
    epochs,
    blinded: Array.from({ length: elements }, newElement),
  });
  return (resultOf(answer) as { check: string }).check;
}

type Tokens = readonly (string | { epoch: number; token: string })[];

async function askAt(server: CallHandler, check: string, tokens: Tokens): Promise<TestAnswer> {
  const compact = await registry.sign(registry.parties.tubely.service, {
    op: 'checks.match',
    in: {
      check: check as never,
      tokens: tokens.map((token) => (typeof token === 'string' ? { epoch: 1, token } : token)),
    },
  });
  return registry.send('checks.match', compact, server);
}

const asking = (check: string, tokens: Tokens): Promise<TestAnswer> =>
  ask(registry, registry.parties.tubely, { check, tokens });

const inventing = (count: number): string[] => Array.from({ length: count }, random32);

const beyond = {
  status: 422,
  body: {
    type: `${testOrigin}/problems/invalid-input`,
    issues: [{ path: 'tokens', code: 'evaluate-first' }],
  },
};

const marksOf = async (check: string): Promise<number[] | null> => {
  const row = await registry.db
    .selectFrom('checks')
    .select('asked')
    .where('id', '=', check)
    .executeTakeFirstOrThrow();
  return row.asked;
};

describe('asking beyond evaluation: who makes up tokens behind published prefixes', () => {
  test('and asks 1,000 under a check that evaluated three hears of three', async () => {
    const { harbour } = registry.parties;
    const listed = subject('domain');
    await list(registry, harbour, { subjects: [listed] });
    const server = registry.anotherServer({ ...registry.services, published });
    const check = await evaluate(3);
    const tokens = [...inventing(500), listed.token!, ...inventing(499)];
    for (const token of tokens.slice(0, 3)) resultOf(await askAt(server, check, [token]));
    for (let n = 3; n < tokens.length; n += 64) {
      expect(await askAt(server, check, tokens.slice(n, n + 64))).toMatchObject(beyond);
    }
    const alone = tokens.slice(470, 510).map((token) => askAt(server, check, [token]));
    for (const answer of await Promise.all(alone)) expect(answer).toMatchObject(beyond);
    expect(await marksOf(check)).toHaveLength(3);
    const matches = await registry.db.selectFrom('matches').where('check_id', '=', check).execute();
    expect(matches).toEqual([]);
  });

  test('on two servers at once hears of no more', async () => {
    const servers = [registry.anotherServer(), registry.anotherServer()];
    for (const elements of [1, 3]) {
      const check = await evaluate(elements);
      const tokens = inventing(60);
      const answers = await Promise.all(
        tokens.map((token, n) => askAt(servers[n % 2]!, check, [token])),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(elements);
      const rest = answers.filter(({ status }) => status !== 200);
      for (const answer of rest) expect(answer).toMatchObject(beyond);
    }
  });

  test('and are shown no record by what goes beyond', async () => {
    const { harbour } = registry.parties;
    const listed = subject('domain');
    await list(registry, harbour, { subjects: [listed] });
    const check = await evaluate(1);
    resultOf(await asking(check, inventing(1)));
    expect(await asking(check, [listed.token!])).toMatchObject(beyond);
    const other = await evaluate(1);
    expect(resultOf(await asking(other, [listed.token!]))).toMatchObject({ matches: [{}] });
  });
});

describe('who asks what it evaluated', () => {
  test('may ask it again, in whatever parts', async () => {
    const check = await evaluate(3);
    const [a, b, c] = inventing(3) as [string, string, string];
    for (const tokens of [[a], [a], [a, b], [c, a], [a, b, c], [b, b]]) {
      resultOf(await asking(check, tokens));
    }
    expect(await asking(check, [a, random32()])).toMatchObject(beyond);
  });

  test('many times at once, has each answered', async () => {
    const servers = [registry.anotherServer(), registry.anotherServer()];
    const check = await evaluate(3);
    const tokens = inventing(3);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        askAt(servers[n % 2]!, check, n % 3 === 0 ? tokens : [tokens[n % 3]!]),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });

  test('has two tokens of one identifier where it evaluated under two epochs', async () => {
    const both = (token: string) => [1, 2].map((epoch) => ({ epoch, token }));
    const check = await evaluate(2, [1, 2]);
    resultOf(await asking(check, [...both(random32()), ...both(random32())]));
    expect(await asking(check, inventing(1))).toMatchObject(beyond);
    expect(await asking(await evaluate(1), both(random32()))).toMatchObject(beyond);
  });
});

describe('what is kept of it', () => {
  test('is a mark that is another one under another check', async () => {
    const token = random32();
    const checks = [await evaluate(1), await evaluate(1)];
    for (const check of checks) resultOf(await asking(check, [token]));
    const [one, other] = await Promise.all(checks.map(marksOf));
    expect(one).toHaveLength(1);
    expect(other).toHaveLength(1);
    expect(one).not.toEqual(other);
  });

  test('is forgotten when the check may ask no more', async () => {
    const check = await evaluate(2);
    resultOf(await asking(check, inventing(1)));
    registry.advance(3_590);
    await settleDue(registry.services);
    expect(await marksOf(check)).toHaveLength(1);
    registry.advance(20);
    await settleDue(registry.services);
    expect(await marksOf(check)).toEqual([]);
    expect((await asking(check, inventing(1))).status).toBe(404);
  });

  test('the database lets the service add to, and neither exceed nor take back', async () => {
    const check = await evaluate(2);
    const set = (asked: number[] | null) =>
      registry.db.updateTable('checks').set({ asked }).where('id', '=', check).execute();
    await set([1]);
    const refused = { code: '23514' };
    await expect(set([1, 2, 3])).rejects.toMatchObject({
      ...refused,
      constraint_name: 'checks_asked_evaluated',
    });
    for (const asked of [null, [2]]) await expect(set(asked)).rejects.toMatchObject(refused);
    const more = registry.db.updateTable('checks').set({ elements: 64, epochs: 2 });
    await expect(more.where('id', '=', check).execute()).rejects.toMatchObject({ code: '42501' });
    await set([1, 2]);
    await set([]);
    for (const asked of [null, [1]]) await expect(set(asked)).rejects.toMatchObject(refused);
  });
});
