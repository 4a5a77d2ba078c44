import { request } from 'node:http';
import { join } from 'node:path';
import { signCall, signerFromJwk } from '@recourse/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig, startAgent, type RunningAgent } from '../src/index.ts';
import { patient } from './asking.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let agent: RunningAgent;
beforeAll(async () => {
  stage = await Stage.start();
  const flags = ['--config', stage.profileOf('Tubely'), '--state', join(stage.dir, 'Tubely')];
  const desk = ['--listen', '127.0.0.1:0', '--desk', ...patient];
  agent = await startAgent(readConfig([...flags, ...desk], {}));
});
afterAll(async () => {
  await agent.stop();
  await stage.end();
});

interface Asked {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

interface Heard {
  readonly status: number | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

const host = (): string => new URL(agent.at).host;

/** What a browser says of a request that a script of the desk makes. */
const fromDesk = (): Record<string, string> => ({
  host: host(),
  'sec-fetch-site': 'same-origin',
  'sec-fetch-dest': 'empty',
  'sec-fetch-mode': 'cors',
});

/** By a bare socket: path and headers exactly as they stand here. */
const send = (path: string, { method = 'GET', body, headers = fromDesk() }: Asked = {}) =>
  new Promise<Heard>((resolve, reject) => {
    const { hostname, port } = new URL(agent.at);
    const sent = request({ hostname, port, path, method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.once('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, text }),
      );
    });
    // A body that is refused early may be cut.
    sent.once('error', reject).end(body);
  });

const refusal = async (path: string, request: Asked): Promise<string> => {
  const { status, text } = await send(path, request);
  return `${status} ${(JSON.parse(text) as { code: string }).code}`;
};

/** A signed call of a trust key, as the desk makes one. */
async function signedCall(): Promise<string> {
  const key = stage.sandbox.parties.find(
    ({ name, role, admin }) => name === 'Tubely' && role === 'trust' && !admin,
  );
  if (!key) throw new Error('no trust key of Tubely');
  const iat = Math.floor(Date.now() / 1000);
  return signCall(await signerFromJwk(key.privateJwk), {
    iss: key.party,
    aud: stage.origin,
    iat,
    exp: iat + 60,
    jti: crypto.randomUUID(),
    op: 'recalls.list',
    in: {},
  });
}

const jose = { 'content-type': 'application/jose' };

describe('the desk of an agent', () => {
  test('is the same page with the same policy as that of the registry', async () => {
    const headers = { host: `localhost:${new URL(agent.at).port}` };
    const [own, theirs] = await Promise.all([
      send('/desk/', { headers }),
      fetch(`${stage.origin}/desk/`),
    ]);
    const names = [
      'content-security-policy',
      'content-type',
      'cache-control',
      'cross-origin-opener-policy',
      'cross-origin-resource-policy',
      'referrer-policy',
      'x-content-type-options',
    ];
    expect(names.map((name) => own.headers[name])).toEqual(
      names.map((name) => theirs.headers.get(name)),
    );
    expect(own.text.replace('content="production"', 'content="sandbox"')).toBe(await theirs.text());
  });

  test('has one address, by whose name a browser keeps keys', async () => {
    const { port } = new URL(agent.at);
    expect(agent.deskAt).toBe(`http://localhost:${port}/desk/`);
    const { status, headers } = await send('/desk/', { headers: { host: `127.0.0.1:${port}` } });
    expect([status, headers['location']]).toEqual([302, agent.deskAt]);
  });

  test('is opened by the link of an invite in a mail, and is no part of another page', async () => {
    const headers = {
      host: `localhost:${new URL(agent.at).port}`,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-dest': 'document',
      'sec-fetch-mode': 'navigate',
    };
    const { status, headers: answered } = await send('/desk/', { headers });
    expect(status).toBe(200);
    expect(answered['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  test('without the option there is none, and nothing is passed on', async () => {
    const flags = ['--config', stage.profileOf('Harbour'), '--state', join(stage.dir, 'Harbour')];
    const without = await startAgent(
      readConfig([...flags, '--listen', '127.0.0.1:0', ...patient], {}),
    );
    const ask = async (path: string) => (await fetch(`${without.at}${path}`)).status;
    expect([without.deskAt, await ask('/desk/'), await ask('/parties')]).toEqual([
      undefined,
      404,
      404,
    ]);
    await without.stop();
  });
});

describe('what the desk asks is passed on', () => {
  test('a signed call, unchanged, and its receipt comes back', async () => {
    const headers = { ...fromDesk(), ...jose, origin: agent.at };
    const body = await signedCall();
    const asked = { method: 'POST', body, headers };
    const { status, headers: answered, text } = await send('/call/recalls.list', asked);
    expect([status, JSON.parse(text)]).toMatchObject([200, { result: { recalls: [] } }]);
    expect(answered['recourse-receipt']).toEqual(expect.any(String));
    expect(answered).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    // The registry took it once: the agent cannot repeat what it passed on.
    expect((await send('/call/recalls.list', asked)).text).toContain('replayed-call');
  });

  test('the public documents that the desk verifies', async () => {
    for (const path of ['/.well-known/recourse', '/parties', '/ledger/checkpoint']) {
      const theirs = await (await fetch(`${stage.origin}${path}`)).text();
      const { status, text } = await send(path);
      expect([path, status, text.length > 100, theirs.length > 100]).toEqual([
        path,
        200,
        true,
        true,
      ]);
    }
  });

  test('while the registry is away, the desk hears that', async () => {
    await stage.stopRegistry();
    const { status, text } = await send('/parties');
    await stage.startRegistry();
    expect([status, text]).toEqual([502, 'The registry does not answer.']);
  });
});

describe('nobody else uses the way to the registry', () => {
  const call = (more: Record<string, string>, path = '/call/recalls.list', body = 'a.b.c') =>
    refusal(path, { method: 'POST', body, headers: { ...fromDesk(), ...jose, ...more } });

  test('a page whose own name stands for loopback', async () => {
    for (const path of ['/call/recalls.list', '/desk/', '/parties']) {
      const isCall = path.startsWith('/call');
      const headers = { ...fromDesk(), ...jose, host: 'evil.example:4810' };
      const asked = isCall ? { method: 'POST', body: 'a.b.c', headers } : { headers };
      expect([path, await refusal(path, asked)]).toEqual([path, '421 host-not-served']);
    }
  });

  test.each([
    ['a page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another program of this machine', { 'sec-fetch-site': 'same-site' }],
    ['a page that hides where it is', { origin: 'null' }],
    ['a page that claims to be the desk', { origin: 'https://evil.example' }],
    ['a link, a frame or an address that somebody typed', { 'sec-fetch-dest': 'document' }],
    ['a script element, which would run the answer', { 'sec-fetch-dest': 'script' }],
  ])('%s', async (_, headers) => {
    expect(await call(headers)).toBe('403 browser-refused');
    const document = { ...fromDesk(), ...headers };
    expect(await refusal('/parties', { headers: document })).toBe('403 browser-refused');
  });

  test('what says nothing about where it comes from', async () => {
    const asked = { method: 'POST', body: 'a.b.c', headers: { host: host(), ...jose } };
    expect(await refusal('/call/recalls.list', asked)).toBe('403 browser-refused');
  });

  // By the agent itself: as a page, where the path is one of its own or of nobody.
  const refused = /^(404 not-found|403 browser-refused)$/;
  test.each([
    '/call/recalls.nothing',
    '/call/recalls.list?more=1',
    '/call/recalls.list/',
    '/trpc/case.open',
    '/trpc/parties.enrol,case.open',
  ])('no other path: POST %s', async (path) => {
    expect(await call({}, path)).toMatch(refused);
  });

  test.each([
    '/case',
    '/healthz/',
    '/sandbox/clock',
    '/openapi',
    '/parties?all=1',
    '/parties/%2e%2e/keys',
    '/parties/..%2fcase/keys',
    '/ledger/tile/../../case',
    '/ledger/tile/..%2f..%2fcase',
    '/desk/../case',
  ])('no other path: GET %s', async (path) => {
    expect(await refusal(path, { headers: fromDesk() })).toMatch(refused);
  });

  test('no body beyond what the registry takes, counted as it comes', async () => {
    const large = 'a'.repeat(256 * 1024 + 1);
    expect(await call({}, '/call/recalls.list', large)).toBe('413 too-large');
    expect(await call({ 'transfer-encoding': 'chunked' }, '/call/recalls.list', large)).toBe(
      '413 too-large',
    );
    const json = { 'content-type': 'application/json' };
    expect(await call(json, '/trpc/parties.enrol', 'a'.repeat(65_537))).toBe('413 too-large');
  });

  test('no body of another type', async () => {
    expect(await call({ 'content-type': 'text/plain' })).toBe('415 unsupported-media-type');
  });
});

test('a script of the desk reaches nothing that the agent answers to services', async () => {
  for (const path of ['/outbox', '/recalls', '/metrics', '/events']) {
    expect([path, await refusal(path, { headers: fromDesk() })]).toEqual([
      path,
      '403 browser-refused',
    ]);
  }
});

test('it serves desks on this machine alone', () => {
  for (const at of ['0.0.0.0:4810', 'unix:/tmp/agent.sock']) {
    expect(() => readConfig(['--desk', '--listen', at], {})).toThrow(/--desk needs an address/);
  }
});
