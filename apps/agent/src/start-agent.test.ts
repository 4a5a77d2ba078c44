import { createServer, request, type Server } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeVerifierKey } from '@recourse/ledger';
import { fromBase64url, generateKey, thumbprint, publicPart } from '@recourse/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readConfig, startAgent, type RunningAgent } from './index.ts';
import { version } from './version.ts';
import packageJson from '../package.json' with { type: 'json' };

/** Nobody listens there. */
const origin = 'http://127.0.0.1:9';

let folder: string;
let flags: string[];
let running: RunningAgent[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recourse-start-'));
  running = [];
  const jwk = await generateKey();
  const path = write('config.json', {
    profiles: {
      default: {
        origin,
        logKid: thumbprint(publicPart(jwk)),
        policy: thumbprint(publicPart(jwk)),
        party: 'plt_01kjp2v4g7e8x9q3n5r6t1w0za',
        keys: { service: 'service.json' },
      },
    },
  });
  write('service.json', jwk);
  flags = ['--config', path, '--state', join(folder, 'state'), '--listen', '127.0.0.1:0'];
});
afterEach(async () => {
  await Promise.all(running.map((agent) => agent.stop()));
  rmSync(folder, { recursive: true });
});

function write(name: string, json: unknown, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(json), { mode });
  return path;
}

async function start(
  more: string[] = ['--no-token'],
  env: Record<string, string> = {},
): Promise<RunningAgent> {
  const agent = await startAgent(readConfig([...flags, ...more], env));
  running.push(agent);
  return agent;
}

test('it needs no registry to start, and says of every check that it is unavailable', async () => {
  const { at } = await start();
  const response = await fetch(`${at}/check`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ identifiers: { email: 'a@mail.example' }, purpose: 'monetisation' }),
  });
  expect([response.status, response.headers.has('retry-after')]).toEqual([200, true]);
  expect(await response.json()).toMatchObject({ advice: 'unavailable', matches: [] });
});

describe('a question that is kept', () => {
  const keep = (at: string, over: object = {}): Promise<Response> =>
    fetch(`${at}/checks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        identifiers: { email: 'a@mail.example' },
        purpose: 'signup',
        provenAt: new Date().toISOString(),
        ref: 'acct-1',
        ...over,
      }),
    });

  test('waits for a registry that is away, also across a restart', async () => {
    const first = await start();
    const kept = await keep(first.at);
    const { question } = (await kept.json()) as { question: string };
    expect([kept.status, kept.headers.get('location')]).toEqual([202, `/checks/${question}`]);
    await first.stop();
    running.pop();
    const { at } = await start();
    const read = async (): Promise<unknown> => (await fetch(`${at}/checks/${question}`)).json();
    expect(await read()).toMatchObject({ question, ref: 'acct-1', state: 'waiting' });
    await vi.waitFor(
      async () => expect(await read()).toMatchObject({ trouble: { code: 'unavailable' } }),
      { timeout: 30_000 },
    );
    const health: unknown = await (await fetch(`${at}/healthz`)).json();
    expect(health).toMatchObject({ questions: 1, registry: 'away' });
  });

  test.each([
    ['a proof of yesterday', { provenAt: '2026-03-01T12:00:00Z' }, 'control-not-proven'],
    ['a reference that is an identifier', { ref: '+4915112345678' }, 'invalid-input'],
    ['no reference', { ref: undefined }, 'invalid-input'],
    ['a signup without a proof', { provenAt: undefined }, 'invalid-input'],
  ])('is not taken with %s', async (_, over, code) => {
    const response = await keep((await start()).at, over);
    expect([response.status, await response.json()]).toMatchObject([422, { code }]);
  });
});

test('what is read while the registry is away is 503, with a time to come back', async () => {
  const { at } = await start();
  const response = await fetch(`${at}/recalls`);
  expect([response.status, response.headers.has('retry-after')]).toEqual([503, true]);
});

describe('who may ask', () => {
  const ask = async (at: string, token?: string): Promise<number> => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return (await fetch(`${at}/outbox`, { headers })).status;
  };
  const path = (): string => join(folder, 'state', 'token');

  test('has the token that the first start made', async () => {
    const agent = await start([]);
    const { at } = agent;
    const token = readFileSync(path(), 'utf8').trim();
    expect([await ask(at), await ask(at, 'guessed'), await ask(at, token)]).toEqual([
      401, 401, 200,
    ]);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await agent.stop();
    running.pop();
    expect(await ask((await start([])).at, token)).toBe(200);
  });

  test.skipIf(process.platform === 'win32')('is its owner, who alone reads the file', async () => {
    await start([]);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  test('is whatever runs on this machine where none is asked for', async () => {
    const { at } = await start(['--no-token']);
    expect([await ask(at), existsSync(path())]).toEqual([200, false]);
  });

  test('is not said twice', async () => {
    await expect(start(['--no-token', '--token', 'env:T'])).rejects.toMatchObject({
      code: 'usage',
    });
  });
});

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((bound) => bound?.address === '::1');

describe.runIf(hasIpv6)('another process of this machine', () => {
  const thieves: Server[] = [];
  const heard: (string | undefined)[] = [];
  afterEach(async () => {
    await Promise.all(thieves.map((server) => new Promise((done) => server.close(done))));
    thieves.length = 0;
    heard.length = 0;
  });

  /** Listens where it can, and notes each token that it is sent. */
  const steal = (at: { host: string; port: number; ipv6Only?: boolean }): Promise<number> =>
    new Promise((resolve, reject) => {
      const thief = createServer(({ headers }, response) => {
        heard.push(headers.authorization);
        response.end('{}');
      });
      thief.once('error', reject).listen(at, () => {
        thieves.push(thief);
        resolve((thief.address() as AddressInfo).port);
      });
    });

  /** As curl and browsers do with `localhost`: `::1` first. */
  const askLocalhost = (port: string, token: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, host: `localhost:${port}` };
      const asked = request({ host: '::1', port, path: '/outbox', headers }, (answer) => {
        resolve(answer.resume().statusCode);
      });
      asked.once('error', reject).end();
    });

  test.each([
    ['[::1]', { host: '::1', port: 0 }],
    ['[::1]', { host: '::', port: 0, ipv6Only: true }],
    ['127.0.0.1', { host: '127.0.0.1', port: 0 }],
    ['127.0.0.1', { host: '0.0.0.0', port: 0 }],
  ])('that holds %s already stops the start, which says what to do: %o', async (held, at) => {
    const port = await steal(at);
    await expect(start(['--listen', `127.0.0.1:${port}`])).rejects.toMatchObject({
      code: 'address-unusable',
      message: `Cannot listen on http://${held}:${port} (EADDRINUSE).`,
      next: expect.stringContaining('make a new token'),
    });
  });

  test('finds every loopback address held, and is never sent the token', async () => {
    const { at } = await start([]);
    const { port } = new URL(at);
    const places = [
      { host: '127.0.0.1' },
      { host: '::1' },
      { host: '0.0.0.0' },
      { host: '::' },
      { host: '::', ipv6Only: true },
    ];
    for (const place of places) {
      const stealing = steal({ ...place, port: Number(port) });
      await expect(stealing).rejects.toMatchObject({ code: 'EADDRINUSE' });
    }
    const token = readFileSync(join(folder, 'state', 'token'), 'utf8').trim();
    expect([await askLocalhost(port, token), heard]).toEqual([200, []]);
  });
});

describe('secrets', () => {
  test('are taken from the environment and from a command', async () => {
    const key = JSON.stringify(await generateKey());
    const token = ['--token', 'command:printf secret'];
    const { at } = await start([...token, '--key', 'trust=env:TRUST'], { TRUST: key });
    const ask = async (sent: string): Promise<number> =>
      (await fetch(`${at}/outbox`, { headers: { authorization: `Bearer ${sent}` } })).status;
    expect([await ask('secret'), await ask('other')]).toEqual([200, 401]);
  });

  test.each([
    ['a variable that is not set', ['--token', 'env:NOTHING'], 'secret-missing'],
    ['a command that fails', ['--token', 'command:exit 3'], 'secret-missing'],
    ['a key that is none', ['--key', 'trust=command:echo nothing'], 'secret-invalid'],
    ['an outbox key that is too short', ['--outbox-key', 'command:echo c2hvcnQ'], 'secret-invalid'],
    ['an address that others reach', ['--listen', '0.0.0.0:0', '--no-token'], 'token-required'],
  ])('%s stops the start', async (_, more, code) => {
    await expect(start(more)).rejects.toMatchObject({ code, next: expect.any(String) });
    // Nothing is left behind that would keep the next start off.
    await start();
  });

  test.skipIf(process.platform === 'win32')('in a file that others read are none', async () => {
    const path = write('open.json', await generateKey(), 0o644);
    await expect(start(['--key', `trust=${path}`])).rejects.toMatchObject({ code: 'file-exposed' });
  });
});

describe('a witness', () => {
  const witness = async (): Promise<string[]> => {
    const [jwk, log] = [await generateKey(), await generateKey()];
    const key = write('witness.json', { ...jwk, kid: 'witness.example/w1' });
    const logKey = encodeVerifierKey({
      name: 'registry.example/ledger',
      type: 'ed25519',
      publicKey: fromBase64url(log.x),
    });
    return ['--witness-key', key, '--witness-log', logKey, '--witness-listen', '127.0.0.1:0'];
  };

  test('answers beside the agent, and begins once', async () => {
    const more = await witness();
    await expect(start(more)).rejects.toMatchObject({ code: 'usage' });
    const agent = await start([...more, '--witness-begin']);
    const page = await (await fetch(agent.witnessAt ?? '')).text();
    expect(page).toMatch(/^witness\.example\/w1\+.*\n\nregistry\.example\/ledger 0/);
    await agent.stop();
    running = [];
    await expect(start([...more, '--witness-begin'])).rejects.toMatchObject({ code: 'usage' });
    await start(more);
  });
});

test('the version is that of the package', () => {
  expect(version).toBe(packageJson.version);
});
