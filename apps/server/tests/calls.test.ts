import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { request } from 'node:http';
import { verifyReceipt, hashBytes, utf8, thumbprint } from '@recourse/protocol';
import {
  codeOf,
  newHome,
  type SandboxParty,
  type TestHome,
  type TestServer,
} from './run-server.ts';

let home: TestHome;
let server: TestServer;
let key: SandboxParty;

beforeAll(async () => {
  home = await newHome();
  server = await home.start({ RECOURSE_FAILURE_BURST: '100000' });
  key = server.party('Harbour', 'service');
});
afterAll(() => home.close());

const list = (more: object = {}) => server.sign(key, 'sanctions.list', {}, more);

describe('a signed call', () => {
  test('is answered with a receipt that verifies under the announced receipt key', async () => {
    const compact = await list({ jti: 'a'.repeat(24) });
    const answer = await server.post('/call/sanctions.list', compact);
    expect(answer.status).toBe(200);
    expect(answer.body.result.sanctions.length).toBeGreaterThan(0);
    const { body: jwks } = await server.get('/.well-known/jwks.json');
    const { kid, use, ...jwk } = jwks.keys[1];
    expect([kid, use]).toEqual([thumbprint(jwk), 'sig']);
    const receipt = await verifyReceipt(String(answer.headers['recourse-receipt']), {
      issuer: server.origin,
      jwk,
      leaf: {
        iss: key.party,
        jti: 'a'.repeat(24),
        op: 'sanctions.list',
        req: hashBytes(utf8(compact)),
        res: hashBytes(utf8(answer.text)),
        status: 200,
      },
    });
    expect(receipt.count).toBeGreaterThan(0);
  });

  test('sent twice is refused the second time', async () => {
    const compact = await list();
    expect((await server.post('/call/sanctions.list', compact)).status).toBe(200);
    const again = await server.post('/call/sanctions.list', compact);
    expect([again.status, codeOf(again)]).toEqual([409, 'replayed-call']);
  });

  test('for another operation than that of the path is refused', async () => {
    const answer = await server.post('/call/checks.owed', await list());
    expect([answer.status, codeOf(answer)]).toEqual([400, 'op-mismatch']);
  });

  test.each([
    'application/json',
    'application/jose+json',
    'application/jose, x/y',
    '',
    'text/plain',
  ])('as %j is refused', async (type) => {
    const answer = await server.post('/call/sanctions.list', await list(), {
      headers: { 'Content-Type': type },
    });
    expect([answer.status, codeOf(answer)]).toEqual([415, 'unsupported-media-type']);
  });

  test('in a content encoding is refused: nothing is unpacked', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    const answer = await server.post('/call/sanctions.list', await list(), { headers });
    expect(answer.status).toBe(415);
  });

  test.each(['\n', ' ', '\0', 'é', '.'])('followed by %j is refused', async (tail) => {
    const answer = await server.post('/call/sanctions.list', (await list()) + tail);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'malformed-call']);
  });
});

describe('path and batch confusion', () => {
  test.each([
    ['/call/sanctions.list/', 'unknown-op'],
    ['/call/sanctions%2Elist', 'unknown-op'],
    ['/call/sanctions.list,checks.owed', 'unknown-op'],
    ['/call/sanctions.list%2Cchecks.owed', 'unknown-op'],
    ['/call/sanctions.list?batch=1', 'malformed-call'],
    ['/call/sanctions.list?', 'malformed-call'],
    ['/call/sanctions.list?input={}&input={}', 'malformed-call'],
    ['/call/sanctions/list', 'unknown-op'],
    ['/call//sanctions.list', 'unknown-op'],
    ['/call/./sanctions.list', 'unknown-op'],
    ['/call/constructor', 'unknown-op'],
    ['/call/__proto__', 'unknown-op'],
    ['/call/', 'unknown-op'],
    ['/call', 'unknown-op'],
  ])('POST %s is no operation', async (path, code) => {
    const answer = await server.post(path, await list());
    expect([answer.status, codeOf(answer)]).toEqual([400, code]);
    expect(answer.headers['recourse-receipt']).toBeUndefined();
  });

  test.each([
    '/CALL/sanctions.list',
    '//call/sanctions.list',
    '/%63all/sanctions.list',
    '/x/../call/sanctions.list',
  ])('POST %s is not found', async (path) => {
    expect((await server.post(path, await list())).status).toBe(404);
  });

  test.each([
    '/trpc/sanctions.list',
    '/trpc/parties.enrol,parties.enrol',
    '/trpc/parties.enrol?batch=1',
    '/trpc/parties%2Eenrol',
    '/trpc/parties.enrol/',
    '/trpc/constructor',
  ])('POST %s is not found: tRPC serves public procedures only, one at a time', async (path) => {
    const answer = await server.post(path, '{"0":{}}', {
      headers: { 'Content-Type': 'application/json' },
    });
    expect([answer.status, codeOf(answer)]).toEqual([404, 'not-found']);
  });

  test('a public procedure is not read from a URL', async () => {
    expect((await server.get('/trpc/parties.enrol?input=%7B%7D')).status).toBe(405);
  });
});

test.each([
  ['{}', 422, 'invalid-input'],
  ['[]', 422, 'invalid-input'],
  ['{"code":"0","enrolment":"x"}', 422, 'invalid-input'],
  ['not json', 400, 'malformed-call'],
])(
  'a public procedure answers %s with a problem that quotes nothing',
  async (body, status, code) => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await server.post('/trpc/parties.enrol', body, { headers });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.text).not.toMatch(/stack|not json/);
  },
);

test('everything that is not there is answered with the same bytes', async () => {
  const paths = [
    '/nothing',
    '/parties/plt_none/keys',
    '/parties/panel/keys/',
    '/problems/none',
    '/.env',
    '/sandbox/none',
  ];
  const answers = await Promise.all(paths.map((path) => server.get(path)));
  answers.push(await server.send('DELETE', '/nothing'));
  const shape = ({ status, text, headers }: (typeof answers)[0]) =>
    JSON.stringify([status, text, { ...headers, date: '' }]);
  expect(new Set(answers.map(shape)).size).toBe(1);
  expect(answers[0]?.status).toBe(404);
});

test('an answer names the configured origin, whatever Host and forwarding headers say', async () => {
  const answer = await server.get('/nothing', {
    Host: 'evil.example',
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'javascript',
  });
  expect(answer.body.type).toBe('http://registry.test/problems/not-found');
  expect(JSON.stringify(answer.headers)).not.toContain('evil');
});

test('line breaks in a path reach no header of the answer', async () => {
  const answer = await server.get('/problems/x%0d%0aSet-Cookie:%20a=b');
  expect([answer.status, answer.headers['set-cookie']]).toEqual([404, undefined]);
});

describe('sizes', () => {
  test('a call above 256 KiB is too large, by its length or by its bytes', async () => {
    const large = 'a'.repeat(256 * 1024 + 1);
    const answer = await server.post('/call/sanctions.list', large);
    expect([answer.status, codeOf(answer)]).toEqual([413, 'too-large']);
    expect(await chunked('/call/sanctions.list', 8)).toBe(413);
  });

  test('a call of exactly 256 KiB is read', async () => {
    const answer = await server.post('/call/sanctions.list', 'a'.repeat(256 * 1024));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'malformed-call']);
  });

  test('an endless body is cut', async () => {
    expect(await chunked('/call/sanctions.list', 10_000)).toBe(413);
  });
});

/** Sends chunks of 64 KiB without a length until an answer or the end comes. */
function chunked(path: string, chunks: number): Promise<number> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    let status = 0;
    const headers = { 'Content-Type': 'application/jose' };
    const sent = request({ hostname, port, path, method: 'POST', headers }, (response) => {
      status = response.statusCode ?? 0;
      response.resume();
      resolve(status);
      sent.destroy();
    });
    sent.on('error', (error) => (status === 0 ? reject(error) : undefined));
    let left = chunks;
    const write = (): void => {
      while (left-- > 0) if (!sent.write('a'.repeat(65_536))) return void sent.once('drain', write);
      sent.end();
    };
    write();
  });
}
