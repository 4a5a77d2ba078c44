import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NoticeMessage } from '@recourse/registry';
import { SMTPServer } from 'smtp-server';
import { workerPort } from '@recourse/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { openProofs, type OpenProofs } from '../src/proofs/open-proofs.ts';
import { readProofs, type ProofSettings } from '../src/config/proof-settings.ts';
import { readSettings } from '../src/config/settings.ts';
import { logInto } from './log-into.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const secret = 'a-secret-of-16-or-more';
const notice = (overrides: Partial<NoticeMessage> = {}): NoticeMessage => ({
  channel: 'email',
  to: 'creator@mail.example',
  code: 'THE-CODE-OF-THE-CASE',
  language: 'en',
  submitter: {
    name: 'Tubely',
    domain: 'tubely.example',
    contacts: { complaints: 'complaints@tubely.example', dataProtection: 'dpo@tubely.example' },
    legalBasis: 'none',
  },
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  ...overrides,
});
const sms = notice({ channel: 'sms', to: '+4915112345678' });

interface OpenedNotices extends OpenProofs {
  readonly said: string[];
}

function open(
  settings: Partial<ProofSettings>,
  mode: 'sandbox' | 'production' = 'production',
): OpenedNotices {
  const lines: string[] = [];
  const log = {
    ...logInto(lines),
    fault: (where: string, error: unknown) => lines.push(`${where}: ${String(error)}`),
  };
  const proofs = { smsFindsADay: 200, ...settings };
  const config = { mode, origin: 'https://registry.test', proofs };
  const opened = openProofs(config, { clock: () => new Date(), log });
  closers.push(() => opened.close());
  return { ...opened, said: lines };
}

/** A mail server on a loopback port, which answers RCPT as it is told. */
async function mailServer(refuses?: { code: number; text: string }) {
  const received: string[] = [];
  const senders: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) =>
      done(refuses && Object.assign(new Error(refuses.text), { responseCode: refuses.code })),
    onData: (stream, { envelope: { mailFrom } }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        senders.push(mailFrom ? mailFrom.address : '');
        received.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  const port = await workerPort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const mail = { url: new URL(`smtp://127.0.0.1:${port}`), from: 'recourse@registry.test' };
  return { received, senders, mail };
}

/** A gateway on a loopback port, which answers as it is told. */
async function gateway(status: number, location?: string) {
  const received: { headers: IncomingHttpHeaders; body: unknown }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      received.push({ headers: request.headers, body });
      response.writeHead(status, location === undefined ? {} : { location }).end('{}');
    });
  });
  const port = await workerPort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const url = `http://127.0.0.1:${port}/sms`;
  const env = { RECOURSE_SMS_URL: url, RECOURSE_SMS_SECRET: secret };
  return { received, url, ...readSettings(env, readProofs) };
}

describe('a notice by mail', () => {
  test('names registry, submitter, case and rights, never a reason, and its token in the envelope alone', async () => {
    const { received, senders, mail } = await mailServer();
    expect(await open({ mail }).notices.send(notice())).toBe('taken');
    const [text = ''] = received;
    const plain = text.replaceAll(/=\r?\n/g, '').replaceAll('=23', '#');
    expect(senders).toEqual([`recourse+${'A'.repeat(22)}@registry.test`]);
    expect(plain).not.toContain('A'.repeat(22));
    expect(plain).toMatch(/Message-ID: <[\w-]{43}@registry\.test>/);
    expect(plain).toContain('From: recourse@registry.test');
    expect(plain).toContain('Subject: Tubely made a record about you');
    expect(plain).toContain('https://registry.test/case#THE-CODE-OF-THE-CASE');
    expect(plain).toContain('dpo@tubely.example');
  });

  test('that the server refuses at once is not delivered, and is no fault of the registry', async () => {
    const { mail } = await mailServer({ code: 550, text: '5.1.1 no such user' });
    const { notices, said } = open({ mail });
    expect(await notices.send(notice())).toBe('refused');
    expect(said.filter((line) => line.startsWith('mail'))).toEqual([]);
  });

  test.each([
    { code: 451, text: '4.7.1 greylisted' },
    { code: 550, text: '5.7.1 your address is blocked' },
  ])('that meets $text is tried again', async (refuses) => {
    const { mail } = await mailServer(refuses);
    const { notices, said } = open({ mail });
    await expect(notices.send(notice())).rejects.toThrow();
    expect(said.some((line) => line.startsWith('mail'))).toBe(true);
  });

  test('is tried again where no server answers', async () => {
    const mail = {
      url: new URL(`smtp://127.0.0.1:${await workerPort()}`),
      from: 'r@registry.test',
    };
    await expect(open({ mail }).notices.send(notice())).rejects.toThrow();
  });

  test('goes to one address, whatever it looks like', async () => {
    const { received, mail } = await mailServer();
    const { notices } = open({ mail });
    for (const to of ['a@mail.example, b@mail.example', 'a@mail.example\r\nBcc: b@mail.example']) {
      expect(await notices.send(notice({ to }))).toBe('refused');
    }
    expect(received).toEqual([]);
  });
});

describe('a notice by text message', () => {
  test('is handed to the gateway as JSON, with the secret', async () => {
    const { received, sms: settings } = await gateway(202);
    expect(await open({ sms: settings! }).notices.send(sms)).toBe('taken');
    const [{ headers, body }] = received as [(typeof received)[number]];
    expect(headers).toMatchObject({
      authorization: `Bearer ${secret}`,
      'content-type': 'application/json',
    });
    expect(body).toMatchObject({ to: '+4915112345678', id: 'AAAAAAAAAAAAAAAAAAAAAA' });
    expect((body as { text: string }).text).toContain(
      'https://registry.test/case#THE-CODE-OF-THE-CASE',
    );
  });

  test.each([404, 410, 422])('is refused where the gateway answers %i', async (status) => {
    const { sms: settings } = await gateway(status);
    expect(await open({ sms: settings! }).notices.send(sms)).toBe('refused');
  });

  test.each([401, 429, 500, 503])('is tried again where it answers %i', async (status) => {
    const { sms: settings } = await gateway(status);
    const { notices, said } = open({ sms: settings! });
    await expect(notices.send(sms)).rejects.toThrow();
    expect(said.join()).toContain('sms');
    expect(said.join()).not.toContain('+49');
  });

  test('follows the gateway to no other address: the secret and the number stay', async () => {
    const elsewhere = await gateway(200);
    const { sms: settings } = await gateway(307, elsewhere.url);
    await expect(open({ sms: settings! }).notices.send(sms)).rejects.toThrow();
    expect(elsewhere.received).toEqual([]);
  });

  test.each([
    [0, 'taken'],
    [67, 'refused'],
  ] as const)('by a command that ends with %i is %s', async (code, result) => {
    const { command, out } = program(code);
    expect(await open({ sms: { command } }).notices.send(sms)).toBe(result);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ to: '+4915112345678' });
  });

  test('by a command that fails, or is not there, is tried again', async () => {
    await expect(open({ sms: program(1) }).notices.send(sms)).rejects.toThrow();
    await expect(open({ sms: { command: '/nowhere/sms' } }).notices.send(sms)).rejects.toThrow();
  });
});

function program(code: number): { command: string; out: string } {
  const dir = mkdtempSync(join(tmpdir(), 'recourse-sms-'));
  closers.push(() => rmSync(dir, { recursive: true }));
  const [command, out] = [join(dir, 'sms'), join(dir, 'out')];
  writeFileSync(command, `#!/bin/sh\ncat > '${out}'\nexit ${code}\n`);
  chmodSync(command, 0o700);
  return { command, out };
}

describe('a code for who looks for their cases, by text message', () => {
  const code = { to: '+4915112345678', code: '0123456789', language: 'en' };

  test('goes out where it is sought, and the budget of it keeps no notice back', async () => {
    const { received, sms: settings } = await gateway(202);
    const { proofs, notices } = open({ sms: settings!, smsFindsADay: 1 });
    const ask = (to: string, isSought: boolean): Promise<void> =>
      new Promise((resolve) => {
        proofs.textCode({
          ...code,
          to,
          isSought: () => {
            setTimeout(resolve, 200);
            return Promise.resolve(isSought);
          },
        });
      });
    await ask('+4915100000001', false);
    expect(received).toHaveLength(0);
    await ask('+4915100000002', true);
    await ask('+4915100000003', true);
    expect(received.map(({ body }) => (body as { to: string }).to)).toEqual(['+4915100000002']);
    expect(await notices.send(sms)).toBe('taken');
  });

  test('is answered before anything is decided', async () => {
    const { sms: settings } = await gateway(202);
    const { proofs } = open({ sms: settings! });
    let decided = false;
    proofs.textCode({
      ...code,
      isSought: async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        decided = true;
        return false;
      },
    });
    expect(decided).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(decided).toBe(true);
  });
});

describe('without a server', () => {
  test('production sends nothing, and says so at start', () => {
    const { notices, said } = open({});
    expect([notices.sends('email'), notices.sends('sms')]).toEqual([false, false]);
    expect(said.join()).toContain('RECOURSE_SMTP_URL');
    expect(said.join()).toContain('RECOURSE_SMS_URL');
  });

  test('a sandbox shows both, and refuses what no mail server finds', async () => {
    const { notices, outbox } = open({}, 'sandbox');
    expect(await notices.send(notice())).toBe('taken');
    expect(await notices.send(sms)).toBe('taken');
    expect(await notices.send(notice({ to: 'nobody@bounces.invalid' }))).toBe('refused');
    expect(outbox?.list().map(({ channel, to }) => [channel, to])).toEqual([
      ['sms', '+4915112345678'],
      ['email', 'creator@mail.example'],
    ]);
  });
});

test.each([
  { RECOURSE_SMS_URL: 'http://gateway.example/sms', RECOURSE_SMS_SECRET: secret },
  { RECOURSE_SMS_URL: 'https://user:pw@gateway.example', RECOURSE_SMS_SECRET: secret },
  { RECOURSE_SMS_URL: 'https://gateway.example', RECOURSE_SMS_SECRET: 'short' },
  { RECOURSE_SMS_URL: 'https://gateway.example' },
  {
    RECOURSE_SMS_URL: 'https://gateway.example',
    RECOURSE_SMS_SECRET: secret,
    RECOURSE_SMS_COMMAND: '/bin/sms',
  },
])('%j is refused at start, and its values are not repeated', (env) => {
  expect(() => readSettings(env, readProofs)).toThrow(
    expect.objectContaining({ code: 'config_invalid' }),
  );
  expect(() => readSettings(env, readProofs)).not.toThrow(/user:pw|a-secret/);
});
