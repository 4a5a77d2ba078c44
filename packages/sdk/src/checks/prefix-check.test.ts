import { Problem, type ProblemCode } from '@recourse/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, connected, first, opsOf, type ConnectedClients } from '../../tests/connected.ts';
import { tokenOf } from '../../tests/fake-sets.ts';
import { now, platformB } from '../../tests/fake-registry.ts';
import { answersWith, email, record } from '../../tests/records.ts';
import type { CheckOptions } from './check.ts';

const nobody = 'nobody@example.com';
const signup = { purpose: 'signup', provenAt: now } as const;

let at: ConnectedClients;
let time: number;
beforeEach(async () => {
  at = await connected();
  time = now.getTime();
  at = {
    ...at,
    recourse: at.connectAgain({ clock: () => new Date(time), retry: { attempts: 1 } }),
  };
  at.registry.clock = () => new Date(time);
  await answersWith(at.registry, []);
  await at.recourse.prefixes.renew();
  at.registry.received.length = 0;
});

const ask = (person: string | string[] = nobody, options: CheckOptions = signup) =>
  at.recourse.check({ email: person }, options);

const list = (...addresses: string[]) =>
  at.registry.sets.publish(addresses.map((address) => tokenOf(at.registry.tokenSecret(), address)));

const refuses = (op: string, code: ProblemCode): void =>
  void at.registry.handlers.set(op, () => {
    throw new Problem(code);
  });

const tokensSent = (): number[] =>
  at.registry.received
    .filter(({ payload }) => payload.op === 'checks.match')
    .map(({ payload }) => (payload.in as { tokens: unknown[] }).tokens.length);

describe('a person whom the prefix set rules out', () => {
  it('has no record, by one request that names nobody', async () => {
    expect(await ask()).toMatchObject({
      advice: 'no-record',
      from: 'prefix-set',
      matches: [],
      validUntil: new Date(now.getTime() + 600_000),
    });
    expect(opsOf(at.registry)).toEqual(['checks.evaluate']);
  });

  it('is asked about by what hits alone', async () => {
    expect(await ask([nobody, email, 'else@example.com'])).toMatchObject({ from: 'registry' });
    expect(tokensSent()).toEqual([1]);
  });

  it('is shown with the place of the identifier that hit', async () => {
    const admin = await at.registry.addParty(platformB);
    const trust = await at.registry.addKey(platformB, { by: admin, role: 'trust' });
    await answersWith(at.registry, [await record(at.registry, { trust })]);
    const { matches } = await ask([nobody, email]);
    expect(first(matches).identifierPath).toBe('email.1');
  });

  it('is looked up in the set of each live epoch, after one evaluation', async () => {
    at.registry.epochs.push({ epoch: 2 });
    const recourse = at.connectAgain({ clock: () => new Date(time) });
    await at.registry.sets.publish([tokenOf(at.registry.tokenSecret(), nobody)], 2);
    expect(await recourse.check({ email: nobody }, signup)).toMatchObject({ from: 'registry' });
    expect(tokensSent()).toEqual([1]);
    expect(opsOf(at.registry).filter((op) => op === 'checks.evaluate')).toHaveLength(1);
  });
});

describe('a set that is stale tells nothing', () => {
  beforeEach(() => {
    time += 600_000;
  });

  it('and is renewed first', async () => {
    await list(email);
    expect(await ask()).toMatchObject({ advice: 'no-record', from: 'prefix-set' });
    expect(opsOf(at.registry)).toEqual(['checks.evaluate', 'prefixes.sync']);
  });

  it('and while there is no newer one, everyone is asked about', async () => {
    expect(await ask()).toMatchObject({ advice: 'no-record', from: 'registry' });
    expect(tokensSent()).toEqual([1]);
  });

  it('and while the registry gives none, everyone is asked about, without another try each time', async () => {
    refuses('prefixes.sync', 'overloaded');
    expect(await ask()).toMatchObject({ from: 'registry' });
    expect(await ask()).toMatchObject({ from: 'registry' });
    expect(opsOf(at.registry).filter((op) => op === 'prefixes.sync')).toHaveLength(1);
    time += 30_000;
    await ask();
    expect(opsOf(at.registry).filter((op) => op === 'prefixes.sync')).toHaveLength(2);
  });

  it('and a false one makes nobody be asked about', async () => {
    at.registry.sets.says = { sha256: 'A'.repeat(43) };
    await list(email);
    expect(await codeOf(ask)).toBe('set-invalid');
    expect(tokensSent()).toEqual([]);
  });

  it('nor what was evaluated before', async () => {
    time -= 600_000;
    await ask();
    time += 599_000;
    await list(email, nobody);
    time += 1_000;
    expect(await ask()).toMatchObject({ from: 'registry' });
  });
});

describe('the same question again', () => {
  it('is answered from memory, and no call is made', async () => {
    const before = await ask();
    at.registry.received.length = 0;
    expect(await ask()).toEqual({ ...before, from: 'memory' });
    expect(opsOf(at.registry)).toEqual([]);
  });

  it.each([
    ['purpose', { ...signup, purpose: 'safety-review' }],
    ['proof', { ...signup, provenAt: new Date(now.getTime() - 1_000) }],
    ['case', { ...signup, ref: 'case-0123456789-abcdef' }],
  ] as const)('with another %s is evaluated', async (_, options) => {
    await ask();
    expect(await ask(nobody, options)).toMatchObject({ from: 'prefix-set' });
  });

  it('is asked, and evaluated anew, when it hits by now', async () => {
    await ask();
    await list(nobody);
    await at.recourse.prefixes.renew();
    at.registry.received.length = 0;
    expect(await ask()).toMatchObject({ from: 'registry' });
    expect(opsOf(at.registry)).toEqual(['checks.evaluate', 'checks.match']);
  });

  it('is evaluated anew after ten minutes', async () => {
    await ask();
    time += 600_000;
    await list(email);
    expect(await ask()).toMatchObject({ from: 'prefix-set' });
  });

  it('of somebody who hits is asked each time', async () => {
    await ask(email);
    await ask(email);
    expect(tokensSent()).toEqual([1, 1]);
  });
});

describe('always-match', () => {
  it('asks about everyone, and loads no set', async () => {
    const recourse = at.connectAgain({ prefixes: 'always-match' });
    const result = await recourse.check({ email: [nobody, email] }, signup);
    expect(result).toMatchObject({ advice: 'no-record', from: 'registry' });
    expect(opsOf(at.registry)).toEqual(['checks.evaluate', 'checks.match']);
    expect(tokensSent()).toEqual([2]);
  });
});

describe('a registry that is away', () => {
  it.each(['overloaded', 'audit-unavailable', 'recovering'] as const)(
    'with %s holds up no signup',
    async (code) => {
      refuses('checks.evaluate', code);
      expect(await ask()).toMatchObject({ advice: 'unavailable', matches: [], cause: { code } });
    },
  );

  it('without a network holds up no signup', async () => {
    at.registry.loses = 1;
    expect(await ask()).toMatchObject({ advice: 'unavailable', cause: { code: 'unavailable' } });
  });

  it('after a hit tells nothing, also not that there was one', async () => {
    refuses('checks.match', 'overloaded');
    expect(await ask(email)).toMatchObject({ advice: 'unavailable', matches: [] });
  });

  it('without an end is not waited for longer than the caller says', async () => {
    at.registry.handlers.set('checks.evaluate', () => new Promise(() => {}));
    expect(await ask(nobody, { ...signup, withinMs: 20 })).toMatchObject({
      advice: 'unavailable',
      cause: { code: 'unavailable' },
    });
  });

  it.each(['quota-exceeded', 'checks-stopped', 'control-not-proven'] as const)(
    'is not one that refuses with %s',
    async (code) => {
      refuses('checks.evaluate', code);
      expect(await codeOf(ask)).toBe(code);
    },
  );

  it('is not one that the caller stopped asking', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(ask(nobody, { ...signup, signal })).rejects.toThrow('stopped');
  });
});

describe('what is settled', () => {
  const settling = { ...signup, settleAfterMs: 250 };

  it.each([
    ['no hit', () => ask(nobody, settling)],
    ['a hit', () => ask(email, settling)],
    [
      'no answer',
      () => {
        at.registry.loses = 1;
        return ask(nobody, settling);
      },
    ],
    [
      'a false answer',
      () => {
        at.registry.evaluates(new Uint8Array(32).fill(3));
        return codeOf(() => ask(nobody, settling));
      },
    ],
  ])('is not told before its time: %s', async (_, run) => {
    let end = (): void => undefined;
    const waits: number[] = [];
    const sleep = (milliseconds: number): Promise<void> => {
      waits.push(milliseconds);
      return new Promise((resolve) => {
        end = resolve;
      });
    };
    at = { ...at, recourse: at.connectAgain({ sleep, retry: { attempts: 1 } }) };
    let isAnswered = false;
    const answered = run().then(() => (isAnswered = true));
    await settledOrSilent(answered);
    expect([waits, isAnswered]).toEqual([[250], false]);
    end();
    expect(await answered).toBe(true);
  });
});

/** Long enough for an answer that is not held back. */
const settledOrSilent = (answered: Promise<unknown>): Promise<unknown> =>
  Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 1_000))]);
