import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signerFromJwk } from '@recourse/protocol';
import { connect } from '@recourse/sdk';
import { readConfig } from '../src/index.ts';
import { oprfKey } from '../src/keys/oprf-key.ts';
import { announceEpoch } from './announce-epoch.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
beforeEach(async () => {
  home = await newHome();
});
afterEach(() => home.close());

const day = 86_400;
const seed = (): string => join(home.dataDir, 'keys', 'oprf.seed.2');
const keyOf = async (args: string[]) => oprfKey(readConfig(await home.environment()), args);

const code = (start: Promise<unknown>): Promise<unknown> =>
  start.then(
    () => 'started',
    (error: { code?: string }) => error.code,
  );

const advance = (server: TestServer, seconds: number) =>
  server.post('/sandbox/clock', JSON.stringify({ advanceSeconds: seconds }), {
    headers: { 'Content-Type': 'application/json' },
  });

describe('the secret of the next epoch', () => {
  test('is made for its owner alone by oprf-key --init, which says the public key', async () => {
    await expect(keyOf(['2'])).rejects.toMatchObject({ code: 'key_missing' });
    const key = await keyOf(['2', '--init']);
    expect(statSync(seed()).mode & 0o777).toBe(0o600);
    expect(await keyOf(['2', '--init'])).toBe(key);
    expect(readFileSync(seed(), 'utf8')).not.toContain(key);
    await expect(keyOf(['two'])).rejects.toMatchObject({ code: 'config_invalid' });
  });

  test('comes from the command, which learns the epoch by its environment', async () => {
    const script = join(home.dataDir, 'seed.sh');
    writeFileSync(script, '#!/bin/sh\ncat "$(dirname "$0")/seed-$RECOURSE_OPRF_EPOCH"\n');
    chmodSync(script, 0o700);
    const config = readConfig(await home.environment({ RECOURSE_OPRF_COMMAND: script }));
    const keys = [];
    for (const epoch of ['1', '2']) {
      writeFileSync(join(home.dataDir, `seed-${epoch}`), randomBytes(32).toString('base64url'));
      keys.push(await oprfKey(config, [epoch]));
    }
    expect(new Set(keys).size).toBe(2);
    await expect(oprfKey(config, ['3'])).rejects.toMatchObject({ code: 'key_missing' });
  });
});

describe('a rotation', () => {
  test('is not announced before the server that executes it has the secret', async () => {
    const server = await home.start();
    const other = randomBytes(32).toString('base64url');
    expect(await announceEpoch(server, other)).toBe('no-secret');
    const key = await keyOf(['2', '--init']);
    expect(await announceEpoch(server, other)).toBe('no-secret');
    expect(await announceEpoch(server, key)).toBe('executed');
  });

  test('stops every start without its secret, or with another, and says what to do', async () => {
    const first = await home.start();
    expect(await announceEpoch(first, await keyOf(['2', '--init']))).toBe('executed');
    await first.stop();
    const secret = readFileSync(seed(), 'utf8');
    rmSync(seed());
    expect(await code(home.start())).toBe('key_missing');
    expect(existsSync(seed())).toBe(false);
    writeFileSync(seed(), randomBytes(32).toString('base64url'), { mode: 0o600 });
    const wrong = home.start();
    await expect(wrong).rejects.toMatchObject({ code: 'key_mismatch' });
    await expect(wrong).rejects.toThrow('oprf-key 2');
    writeFileSync(seed(), secret, { mode: 0o600 });
    const again = await home.start();
    const { epochs } = (await again.get('/.well-known/recourse')).body;
    expect(epochs).toMatchObject([
      { epoch: 1, closesAt: expect.any(String) },
      { epoch: 2, entry: { type: 'oprf-epoch' } },
    ]);
    expect(JSON.stringify(epochs)).not.toContain(secret.trim());
  });

  test('the secret of a closed epoch is needed no more', async () => {
    const server = await home.start();
    expect(await announceEpoch(server, await keyOf(['2', '--init']))).toBe('executed');
    await advance(server, 17 * day);
    await server.stop();
    rmSync(join(home.dataDir, 'keys', 'oprf.seed'));
    const production = await home.start();
    const { epochs } = (await production.get('/.well-known/recourse')).body;
    expect(epochs).toMatchObject([{ epoch: 2 }]);
  });

  test('by the SDK: found and verified before, between and after; what has no new tokens ends', async () => {
    const server = await home.start();
    let aheadMs = 0;
    const connected = async (name: string) => {
      const { body } = await server.get('/.well-known/jwks.json');
      const [service, trust] = (['service', 'trust'] as const).map((role) =>
        server.party(name, role),
      );
      return connect({
        registry: { origin: server.origin, logKid: body.keys[0].kid, url: server.url },
        party: service!.party,
        signers: {
          service: await signerFromJwk(service!.privateJwk),
          trust: await signerFromJwk(trust!.privateJwk),
        },
        clock: () => new Date(Date.now() + aheadMs),
      });
    };
    const pass = async (days: number): Promise<void> => {
      await advance(server, days * day);
      aheadMs += days * day * 1000;
    };
    const creator = { email: 'best.deals@mail.example', phone: '+4915123456789' };
    const marketo = await connected('Marketo');
    const tubely = await connected('Tubely');
    const shown = async () => {
      const { matches } = await tubely.check(creator, { purpose: 'signup', provenAt: tubelyNow() });
      return matches.filter(({ statement }) => statement?.iss === marketo.session.party);
    };
    const tubelyNow = (): Date => new Date(Date.now() + aheadMs);
    const before = await shown();
    expect(before.length).toBeGreaterThan(0);
    expect(await announceEpoch(server, await keyOf(['2', '--init']))).toBe('executed');
    await pass(3);
    expect(await shown()).toHaveLength(before.length);
    const outcomes = [];
    for await (const result of marketo.sanctions.retokenise(({ sanction }) =>
      before.some((match) => match.sanction === sanction) ? creator : undefined,
    )) {
      outcomes.push(result.outcome);
    }
    expect(outcomes.filter((outcome) => outcome === 'retokenised').length).toBeGreaterThan(0);
    const between = await shown();
    expect(between.map(({ sanction }) => sanction)).toEqual(before.map(({ sanction }) => sanction));
    await pass(14);
    expect((await shown()).map(({ sanction }) => sanction)).toEqual(
      before.map(({ sanction }) => sanction),
    );
    const { sanctions } = await marketo.sanctions.list({ state: 'withdrawn' });
    expect(sanctions.every(({ cause }) => cause !== undefined)).toBe(true);
  });
});
