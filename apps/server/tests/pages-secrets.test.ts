import { newCaseSecret } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { connect } from '@recourse/registry';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { consoleLog } from '../src/log.ts';
import { newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, newJti } from './sample-case.ts';

let home: TestHome;
let server: TestServer;
const printed: string[] = [];
const answers: HttpAnswer[] = [];
const secrets = new Set<string>();

beforeAll(async () => {
  for (const name of ['log', 'error', 'warn', 'info'] as const) {
    vi.spyOn(console, name).mockImplementation((...args) => void printed.push(args.join(' ')));
  }
  home = await newHome();
  server = await home.start({}, { log: consoleLog() });
});
afterAll(async () => {
  await home?.close();
  vi.restoreAllMocks();
});

const known = (secret: string): string => {
  secrets.add(secret);
  return secret;
};
const fresh = (): string => known(newCaseSecret(randomBytes));

async function post(path: string, fields: Record<string, string>): Promise<HttpAnswer> {
  const body = new URLSearchParams({ jti: newJti(), ...fields }).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const answer = await server.post(path, body, { headers });
  answers.push(answer);
  return answer;
}

const hidden = (text: string, name: string): string =>
  (new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(text)?.[1] ?? '').replaceAll('&quot;', '"');

const email = known('clips.factory@mail.example');
const words = known('It was my cousin Aurelia who did that.');

test('a whole case by its pages, with every mistake on the way', async () => {
  const code = known(await codeOfSample(server, 'payout'));
  const [accuser, wrong] = [fresh(), fresh()];
  expect((await post('/case', { code })).status).toBe(200);
  expect((await post('/case/claim', { code, newKey: accuser })).status).toBe(200);
  expect((await post('/case/claim', { code: accuser, newKey: fresh() })).status).toBe(409);
  expect((await post('/case', { code: wrong })).status).toBe(422);
  expect((await post('/case/rotate', { key: wrong, newKey: fresh() })).status).toBe(404);
  expect((await post('/case/rotate', { key: 'no key', newKey: fresh() })).status).toBe(422);
  expect((await post('/case/letter', { key: accuser })).status).toBe(409);
  expect((await post('/case/receipt', { key: accuser })).status).toBe(200);
  expect((await post('/case/key', { key: accuser })).status).toBe(200);

  const asked = (await post('/case/find', { kind: 'email', identifier: email })).text;
  const fields = { asked: hidden(asked, 'asked'), seal: hidden(asked, 'seal') };
  const { body } = await server.get('/sandbox/outbox');
  const proof = known(/^ {4}(\w+)$/m.exec(body.mails[0].text)?.[1] ?? '');
  const newKey = fresh();
  expect((await post('/case/prove', { ...fields, newKey, proof: 'WRONG00000' })).status).toBe(422);
  expect((await post('/case/prove', { ...fields, newKey, proof })).status).toBe(200);
  const key = `${newKey}.1`;
  const appeal = { key, ground: 'not-me', words, language: 'en' };
  expect((await post('/case/withdraw', { key })).status).toBe(409);
  expect((await post('/case/claim', { code, newKey: key })).status).toBe(200);
  expect((await post('/case/appeal', { ...appeal, ground: '' })).status).toBe(422);
  expect((await post('/case/appeal', appeal)).status).toBe(200);
  expect((await post('/case/add', { key, text: words })).status).toBe(200);
  expect((await post('/case/ticket', { secret: fresh(), newKey: fresh() })).status).toBe(422);
  expect((await post('/case/rotate', { key, newKey: fresh() })).status).toBe(200);
  expect((await post('/case/add', { key, text: words })).status).toBe(404);
  expect((await post('/case/add', { key, text: 'x'.repeat(200_000) })).status).toBe(413);
});

test('the same mistakes by a program', async () => {
  const code = fresh();
  for (const body of [
    JSON.stringify({ jti: newJti(), code }),
    JSON.stringify({ jti: newJti(), code: `${code}x` }),
    JSON.stringify({ jti: code, code }),
    JSON.stringify({ jti: newJti(), code, [code]: code }),
    `{"jti":"${newJti()}","code":"${code}","code":"${code}"}`,
    code,
    `{"code":"${code}"`,
  ]) {
    const answer = await server.post('/trpc/case.open', body, {
      headers: { 'Content-Type': 'application/json' },
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toContain(code);
    expect(answer.text).not.toContain(code.slice(0, 9));
    answers.push(answer);
  }
  // A program that puts it where it does not belong.
  const strayed = await server.get(`/trpc/case.open?input=${code}`);
  expect([strayed.status, strayed.text.includes(code)]).toEqual([405, false]);
  const page = await server.get(`/case?code=${code}`);
  expect([page.status, page.text.includes(code)]).toEqual([200, false]);
});

/** It says nothing: whether a browser sends cookies back. */
const probe = 'cookies=1; Path=/case; HttpOnly; SameSite=Strict';

test('every answer is kept by nobody, framed by nobody, and sets no cookie for a program', () => {
  expect(answers.length).toBeGreaterThan(25);
  for (const { headers, status } of answers) {
    expect([status, headers['cache-control']]).toEqual([status, 'no-store']);
    expect(headers).toMatchObject({
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toMatch(/form-action '(self|none)'/);
    expect(policy).not.toMatch(/unsafe|data:|https?:|\*/);
    expect([undefined, probe]).toContain(headers['set-cookie']?.toString());
    expect(headers['etag']).toBeUndefined();
    expect(headers['last-modified']).toBeUndefined();
  }
});

test('no secret, address or word is in a header, a line of the log or any row of the database', async () => {
  expect(secrets.size).toBeGreaterThan(10);
  const sent = answers.map(({ headers }) => JSON.stringify(headers)).join('\n');
  const rows = await everything();
  expect(rows).toContain('not-me');
  expect(printed.length).toBeGreaterThan(0);
  for (const secret of secrets) {
    for (const [where, text] of Object.entries({ sent, log: printed.join('\n'), rows })) {
      expect([where, secret, text.includes(secret)]).toEqual([where, secret, false]);
    }
  }
});

/** Every row of every table, bytes as what they spell too. */
async function everything(): Promise<string> {
  const db = connect({ url: home.database.ownerUrl, connections: 1 });
  const { rows: tables } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(db);
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(name)} t`.execute(db);
    texts.push(...rows.map(({ row }) => row));
  }
  await db.destroy();
  const bytes = [...texts.join('\n').matchAll(/\\\\x([0-9a-f]+)/g)].map(([, hex = '']) =>
    Buffer.from(hex, 'hex').toString('latin1'),
  );
  return [...texts, ...bytes].join('\n');
}
