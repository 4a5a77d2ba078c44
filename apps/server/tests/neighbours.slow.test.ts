import { connect as open, type Socket } from 'node:net';
import { connect, type Db } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  codeOf,
  newHome,
  type SandboxParty,
  type SendOptions,
  type TestHome,
  type TestServer,
} from './run-server.ts';

let home: TestHome;
let server: TestServer;
let owner: Db;
let key: SandboxParty;

beforeAll(async () => {
  home = await newHome();
  server = await home.start({
    RECOURSE_FAILURE_BURST: '200',
    // A limited source is let in again after twenty seconds, and not within a test.
    RECOURSE_FAILURES_PER_SECOND: '1',
    RECOURSE_TRUSTED_PROXIES: '127.0.0.9',
  });
  owner = connect({ url: home.database.ownerUrl, connections: 1 });
  key = server.party('Harbour', 'service');
});
afterAll(async () => {
  await owner.destroy();
  await home.close();
});

const list = '/call/sanctions.list';
const from = (localAddress: string) => ({ localAddress });

async function goodCall(localAddress: string, headers: Record<string, string> = {}) {
  const compact = await server.sign(key, 'sanctions.list', {});
  return server.post(list, compact, { localAddress, headers });
}

/** Well-formed, under another signature. */
async function tampered(): Promise<string> {
  const compact = await server.sign(key, 'sanctions.list', {});
  const at = compact.lastIndexOf('.') + 5;
  return compact.slice(0, at) + (compact[at] === 'A' ? 'B' : 'A') + compact.slice(at + 1);
}

const unknownKey = 'eyJhbGciOiJFZERTQSJ9.e30.AAAA';

const failAll = (count: number, body: string, by: SendOptions) =>
  Promise.all(Array.from({ length: count }, () => server.post(list, body, by)));

const limitedOf = (answers: { status: number }[]): number =>
  answers.filter(({ status }) => status === 429).length;

describe('what fails at one address', () => {
  test('is limited, and takes nothing from a member there whose key verified of late', async () => {
    expect((await goodCall('127.0.0.2')).status).toBe(200);
    expect(limitedOf(await failAll(260, unknownKey, from('127.0.0.2')))).toBeGreaterThan(20);
    for (let n = 0; n < 10; n++) expect((await goodCall('127.0.0.2')).status).toBe(200);
  });

  test('is limited before anything is read where no key verified, and nowhere else', async () => {
    expect(limitedOf(await failAll(260, unknownKey, from('127.0.0.3')))).toBeGreaterThan(20);
    const answer = await goodCall('127.0.0.3');
    expect([answer.status, codeOf(answer)]).toEqual([429, 'quota-exceeded']);
    expect((await goodCall('127.0.0.4')).status).toBe(200);
  });

  test('under the name of that key does not shut it out', async () => {
    expect((await goodCall('127.0.0.5')).status).toBe(200);
    const answers = await failAll(100, await tampered(), from('127.0.0.5'));
    expect(new Set(answers.map(codeOf))).toEqual(new Set(['bad-signature']));
    expect((await goodCall('127.0.0.5')).status).toBe(200);
  });

  test('behind a named proxy counts for the client alone', async () => {
    const via = (client: string) => ({ 'X-Forwarded-For': client });
    await failAll(260, unknownKey, { ...from('127.0.0.9'), headers: via('198.51.100.1') });
    expect((await goodCall('127.0.0.9', via('198.51.100.1'))).status).toBe(429);
    expect((await goodCall('127.0.0.9', via('198.51.100.2'))).status).toBe(200);
  });
});

test('a clock that is wrong locks no member out: the signature says who it is', async () => {
  const iat = Math.floor(Date.now() / 1000) - 3600;
  const late = async () => {
    const compact = await server.sign(key, 'sanctions.list', {}, { iat, exp: iat + 60 });
    return codeOf(await server.post(list, compact, from('127.0.0.6')));
  };
  const answers = await Promise.all(Array.from({ length: 260 }, late));
  expect(new Set(answers)).toEqual(new Set(['clock-skew']));
  expect((await goodCall('127.0.0.6')).status).toBe(200);
});

test('documents are read while their tables are locked', async () => {
  const paths = ['/parties', '/governance.json', '/.well-known/recourse'];
  const before = await Promise.all(paths.map((path) => server.get(path)));
  await owner.transaction().execute(async (trx) => {
    await sql`lock table parties in access exclusive mode`.execute(trx);
    const locked = await Promise.all(paths.map((path) => server.get(path)));
    expect(locked.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
  });
});

test('an address that reads as fast as it can waits for its turns, and nobody else does', async () => {
  const begun = performance.now();
  const reads = Promise.all(
    Array.from({ length: 250 }, () => server.send('GET', '/policies', from('127.0.0.7'))),
  );
  expect((await server.get('/policies')).status).toBe(200);
  expect(new Set((await reads).map(({ status }) => status))).toEqual(new Set([200]));
  expect(performance.now() - begun).toBeGreaterThan(900);
});

test('an address that opens connections without end has so many, and others are answered', async () => {
  const { hostname, port } = new URL(server.url);
  const sockets: Socket[] = [];
  const cut = Promise.withResolvers<void>();
  let ended = 0;
  for (let n = 0; n < 1100; n++) {
    const socket = open({ host: hostname, port: Number(port), localAddress: '127.0.0.8' });
    socket.resume();
    socket.on('error', () => undefined);
    socket.on('close', () => (++ended === 1100 - 1024 ? cut.resolve() : undefined));
    sockets.push(socket);
  }
  await cut.promise;
  expect((await server.get('/policies')).status).toBe(200);
  for (const socket of sockets) socket.destroy();
});
