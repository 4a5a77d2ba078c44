import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashBytes, utf8, verifyReceipt, newCaseSecret } from '@recourse/protocol';
import { codeOf, newHome, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, creatorAct, newJti } from './sample-case.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome();
  server = await home.start({
    RECOURSE_FAILURE_BURST: '5',
    RECOURSE_FAILURES_PER_SECOND: '1',
  });
});
afterAll(() => home.close());

const json = { 'Content-Type': 'application/json' };
const secret = (): string => newCaseSecret((size) => randomBytes(size));
const from = (localAddress: string) => ({ headers: json, localAddress });

const claimed = async (label: string): Promise<string> => {
  const key = secret();
  const code = await codeOfSample(server, label);
  const answer = await creatorAct(server, 'case.claim', { code, newKey: key });
  expect(answer.status).toBe(200);
  return key;
};

describe('an act of a creator', () => {
  test('is answered as tRPC answers, with a receipt over the bytes that were sent', async () => {
    const code = await codeOfSample(server, 'phishing');
    const jti = newJti();
    const body = JSON.stringify({ jti, code });
    const answer = await server.post('/trpc/case.open', body, { headers: json });
    expect(answer.body.result.data).toMatchObject({
      case: { access: 'code', submitter: { name: 'Harbour' }, facts: { reason: 'fraud.phishing' } },
    });
    const { body: jwks } = await server.get('/.well-known/jwks.json');
    const { kid: _, use: __, ...jwk } = jwks.keys[1];
    const receipt = await verifyReceipt(String(answer.headers['recourse-receipt']), {
      issuer: server.origin,
      jwk,
      leaf: {
        iss: 'case',
        jti,
        op: 'case.open',
        req: hashBytes(utf8(body)),
        res: hashBytes(utf8(answer.text)),
        status: 200,
      },
    });
    expect(receipt.count).toBeGreaterThan(0);
  });

  test.each([
    ['/trpc/case.open?batch=1', 404],
    ['/trpc/case.open,case.claim', 404],
    ['/trpc/case.open/', 404],
    ['/trpc/case.constructor', 404],
    ['/trpc/case.', 404],
    ['/trpc/case%2Eopen', 404],
  ])('at %s is not found', async (path, status) => {
    const answer = await server.post(path, '{}', { headers: json });
    expect([answer.status, codeOf(answer)]).toEqual([status, 'not-found']);
  });

  test('is only a POST of JSON', async () => {
    const headers = { 'Content-Type': 'text/plain' };
    expect((await server.post('/trpc/case.open', '{}', { headers })).status).toBe(415);
    expect((await server.get('/trpc/case.open?input=%7B%7D')).status).toBe(405);
  });

  test.each([
    ['not json', 400, 'malformed-call'],
    ['{}', 422, 'invalid-input'],
    ['{"jti":"short","code":"x"}', 422, 'invalid-input'],
  ])('%s is refused without quoting it', async (body, status, code) => {
    const answer = await server.post('/trpc/case.open', body, { headers: json });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer.text).not.toContain('not json');
  });
});

describe('sizes', () => {
  test('an act may have 64 KiB, a file 3 MiB', async () => {
    const key = await claimed('payout');
    const words = { key, ground: 'not-me', words: 'x'.repeat(70_000), language: 'en' };
    const large = await creatorAct(server, 'case.appeal', words);
    expect([large.status, codeOf(large)]).toEqual([413, 'too-large']);
    await creatorAct(server, 'case.appeal', { ...words, words: 'It was not me.' });
    const file = (size: number) => ({
      key,
      name: 'notes.txt',
      mediaType: 'text/plain',
      bytes: Buffer.alloc(size, 'a').toString('base64url'),
    });
    const added = await creatorAct(server, 'case.addFile', file(2 * 1024 * 1024));
    // Nobody asked for one: it is its claimant who has no room, not its size.
    expect([added.status, codeOf(added)]).toEqual([409, 'state-conflict']);
    const more = await creatorAct(server, 'case.addFile', file(2 * 1024 * 1024 + 1));
    expect(more.status).toBeGreaterThanOrEqual(413);
    const most = await creatorAct(server, 'case.addFile', file(3 * 1024 * 1024));
    expect([most.status, codeOf(most)]).toEqual([413, 'too-large']);
  });

  test('a delivery of evidence may have 8 MiB, any other call 256 KiB', async () => {
    const headers = { 'Content-Type': 'application/jose' };
    const send = async (op: string, size: number): Promise<string> =>
      codeOf(
        await server.post(`/call/${op}`, 'a'.repeat(size), { headers, localAddress: '127.0.0.9' }),
      );
    expect(await send('evidence.deliver', 7 * 1024 * 1024)).toBe('malformed-call');
    expect(await send('evidence.deliver', 8 * 1024 * 1024 + 1)).toBe('too-large');
    expect(await send('evidence.open', 300_000)).toBe('too-large');
  });
});

describe('whoever shares an address with a flood', () => {
  test('of wrong secrets still opens their case', async () => {
    const code = await codeOfSample(server, 'scam');
    const open = (code: string) =>
      server.post('/trpc/case.open', JSON.stringify({ jti: newJti(), code }), from('127.0.0.3'));
    const statuses: number[] = [];
    for (let i = 0; i < 25; i++) statuses.push((await open(secret())).status);
    expect([statuses.slice(0, 20), statuses.slice(20)]).toEqual([
      Array.from({ length: 20 }, () => 404),
      Array.from({ length: 5 }, () => 429),
    ]);
    expect((await open(code)).status).toBe(200);
    const page = await server.post('/case', `code=${code}`, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      localAddress: '127.0.0.3',
    });
    expect(page.status).toBe(200);
  });

  test('of bad calls still opens their case', async () => {
    const code = await codeOfSample(server, 'scam');
    const jose = { 'Content-Type': 'application/jose' };
    const call = () =>
      server.post('/call/checks.owed', 'x', { headers: jose, localAddress: '127.0.0.4' });
    for (let i = 0; i < 5; i++) expect((await call()).status).toBe(400);
    const limited = call();
    const body = JSON.stringify({ jti: newJti(), code });
    expect((await server.post('/trpc/case.open', body, from('127.0.0.4'))).status).toBe(200);
    expect((await limited).status).toBe(429);
  });

  test('of requests at once takes no place of anybody else', async () => {
    const code = await codeOfSample(server, 'scam');
    const body = (): string => JSON.stringify({ jti: newJti(), code: secret() });
    const flood = Array.from({ length: 200 }, () =>
      server.post('/trpc/case.open', body(), from('127.0.0.5')),
    );
    const open = JSON.stringify({ jti: newJti(), code });
    expect((await server.post('/trpc/case.open', open, from('127.0.0.6'))).status).toBe(200);
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    expect(statuses.every((status) => status === 404 || status === 429)).toBe(true);
    expect(statuses).toContain(429);
  });
});

test('the answer to a proof asked for is the same whether or not anything is held', async () => {
  const ask = (identifier: string) =>
    creatorAct(server, 'case.find', { kind: 'email', identifier });
  const [held, unknown] = [
    await ask('best.deals@mail.example'),
    await ask('nobody.at.all@mail.example'),
  ];
  const shape = ({ status, body, headers }: typeof held) =>
    JSON.stringify([
      status,
      Object.keys(body.result.data),
      body.result.data.proof,
      Object.keys(headers).sort(),
    ]);
  expect(shape(held)).toBe(shape(unknown));
  const { body } = await server.get('/sandbox/outbox');
  // The newest first; before them are the notices of the samples.
  const texts = body.mails
    .slice(0, 2)
    .map((mail: { text: string }) =>
      mail.text.replace(/^ {4}\w+$/m, '').replace(/until .*UTC/, ''),
    );
  expect(new Set(texts).size).toBe(1);
});
