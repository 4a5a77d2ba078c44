import { connect, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { workerPort } from '@recourse/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome();
  server = await home.start({ RECOURSE_REQUEST_SECONDS: '2' });
});
afterAll(() => home.close());

interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  readonly code: string | undefined;
}

/** Sends bytes that no HTTP client would send, and reads until the server closes. */
function raw(text: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'));
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.on('error', (error) => (answer === '' ? reject(error) : undefined));
    socket.on('close', () => {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      const status = Number(head.split(' ')[1]);
      const code = /\/problems\/([a-z-]+)"/.exec(body)?.[1];
      resolve({ status, head, body, code });
    });
  });
}

const get = (target: string, headers = 'Host: registry.test\r\n'): Promise<RawAnswer> =>
  raw(`GET ${target} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`);

const ending = 'Connection: close\r\n\r\n';

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((bound) => bound?.address === '::1');

describe.runIf(hasIpv6)('another process of this machine', () => {
  const hold = async (port: number): Promise<Server> => {
    const other = createServer();
    await new Promise<void>((resolve, reject) => {
      other.once('error', reject).listen({ host: '::1', port }, resolve);
    });
    return other;
  };

  test('is not what answers for localhost, where browsers try ::1 first', async () => {
    const { port } = new URL(server.url);
    await expect(hold(Number(port))).rejects.toThrow('EADDRINUSE');
    expect((await fetch(`http://[::1]:${port}/healthz`)).status).toBe(200);
  });

  test('that holds ::1 stops the start', async () => {
    const port = await workerPort();
    const other = await hold(port);
    await expect(home.start({ RECOURSE_PORT: String(port) })).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringMatching(/holds ::1 .*RECOURSE_PORT/),
    });
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('every refusal is a problem document', () => {
  test.each([
    ['a backslash in the path', 'GET /ledger\\..\\x HTTP/1.1\r\nHost: a\r\n', 400],
    ['no Host', 'GET /policies HTTP/1.1\r\n', 400],
    ['a Host that is none', 'GET /policies HTTP/1.1\r\nHost: a b\r\n', 400],
    ['no HTTP at all', 'nonsense\r\n', 400],
    [
      'a length beside chunks',
      'POST /call/x.y HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n',
      400,
    ],
    ['a path without a slash', 'GET policies HTTP/1.1\r\nHost: a\r\n', 400],
  ])('%s', async (_, text, status) => {
    const answer = await raw(text + ending);
    expect([answer.status, answer.code]).toEqual([status, 'malformed-request']);
    expect(answer.head).toMatch(/^content-type: application\/problem\+json/im);
    expect(answer.head).toMatch(/^x-content-type-options: nosniff/im);
    expect(JSON.parse(answer.body)).toMatchObject({ status, next: expect.any(String) });
  });

  test('headers that are too large', async () => {
    const answer = await get('/policies', `Host: a\r\nX: ${'x'.repeat(20_000)}\r\n`);
    expect([answer.status, answer.code]).toEqual([431, 'headers-too-large']);
  });

  test('a request that does not arrive', async () => {
    const answer = await raw('GET /policies HTTP/1.1\r\nHost: a\r\n');
    expect([answer.status, answer.code]).toEqual([408, 'request-timeout']);
  });

  test.each([
    ['DELETE', '/parties', 'GET, HEAD'],
    ['PUT', '/call/sanctions.list', 'POST'],
    ['GET', '/call/sanctions.list', 'POST'],
    ['GET', '/trpc/parties.enrol?input={}', 'POST'],
    ['POST', '/ledger/checkpoint', 'GET, HEAD'],
    ['POST', '/governance.json', 'GET, HEAD'],
    ['PATCH', '/sandbox/clock', 'GET, HEAD, POST'],
    ['OPTIONS', '/call/sanctions.list', 'POST'],
  ])('%s %s names the methods of this address', async (method, path, allow) => {
    const answer = await server.send(method, path);
    expect([answer.status, codeOf(answer)]).toEqual([405, 'method-not-allowed']);
    expect(answer.headers.allow).toBe(allow);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  test('a method of an address that is not there is no other than that address', async () => {
    const answer = await server.send('DELETE', '/nothing');
    expect([answer.status, codeOf(answer), answer.headers.allow]).toEqual([
      404,
      'not-found',
      undefined,
    ]);
  });
});

describe('the host of a request', () => {
  test('that is said twice is refused: a proxy may have read the other one', async () => {
    const answer = await get('/policies', 'Host: registry.test\r\nHost: evil.example\r\n');
    expect([answer.status, answer.code]).toEqual([400, 'malformed-request']);
    expect(answer.body).not.toContain('evil');
  });

  test.each([
    'http://registry.test/policies',
    'http://evil.example:99/policies',
    'HTTP://registry.test/policies',
  ])('may stand in its target: %s', async (target) => {
    const answer = await get(target);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"taxonomy"');
  });

  test.each(['http://registry.test', 'http://registry.test?x=1'])(
    'may be all of its target: %s',
    async (target) => {
      expect((await get(target)).status).toBe(200);
    },
  );

  test('in the target of a call leads to the same operation, and to no other', async () => {
    const call = (target: string) =>
      raw(
        `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Type: application/jose\r\nContent-Length: 1\r\n${ending}x`,
      );
    expect((await call('http://a/call/sanctions.list')).code).toBe('malformed-call');
    expect((await call('http://a/x/../call/sanctions.list')).code).toBe('not-found');
  });
});

const forMonitors = [
  '/.well-known/recourse',
  '/.well-known/jwks.json',
  '/transparency/report.schema.json',
  '/ledger/tile/no-such-tile',
];

describe('pages of other sites', () => {
  test.each(forMonitors)('may read %s', async (path) => {
    const { headers } = await server.get(path, { Origin: 'https://monitor.example' });
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    const asked = await server.send('OPTIONS', path, {
      headers: {
        Origin: 'https://monitor.example',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'if-none-match',
      },
    });
    expect([asked.status, asked.headers['access-control-allow-methods']]).toEqual([
      204,
      'GET, HEAD',
    ]);
    expect(asked.headers['access-control-allow-headers']).toMatch(/if-none-match/i);
  });

  test.each([
    '/parties',
    '/case',
    '/call/sanctions.list',
    '/trpc/case.open',
    '/sandbox/clock',
    '/ledgers',
  ])('read nothing of %s', async (path) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const { headers } = await server.send(method, path, {
        headers: { Origin: 'https://monitor.example', 'Access-Control-Request-Method': 'POST' },
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    }
  });
});
