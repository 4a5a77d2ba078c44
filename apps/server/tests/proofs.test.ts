import { SMTPServer } from 'smtp-server';
import { workerPort } from '@recourse/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { consoleLog, type Log } from '../src/log.ts';
import { txtRecordsOf } from '../src/proofs/dns.ts';
import { openProofs, type OpenProofs } from '../src/proofs/open-proofs.ts';
import { logInto } from './log-into.ts';
import { nameServer, txt, type Answer } from './name-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

interface ReceivedMail {
  from: string;
  to: string[];
  text: string;
  user: string | undefined;
}

/** A mail server on a loopback port. */
async function mailServer(options: { refuses?: true | string; login?: boolean } = {}) {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: !options.login,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      password === 'p@ss' ? done(null, { user: username }) : done(new Error('no')),
    onRcptTo: (_address, _session, done) =>
      done(options.refuses ? new Error(options.refuses === true ? 'no' : options.refuses) : null),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
          user: session.user,
        });
        done();
      });
    },
  });
  const port = await workerPort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { received, port };
}

function open(
  env: { url?: string; mode?: 'sandbox' | 'production'; dnsServer?: string },
  to: string[] | Log = [],
): OpenProofs {
  const log: Log = Array.isArray(to)
    ? {
        ...logInto(to),
        fault: (where, error) => to.push(`${where}: ${String(error)}`),
      }
    : to;
  const opened = openProofs(
    {
      mode: env.mode ?? 'production',
      origin: 'https://registry.test',
      proofs: {
        smsFindsADay: 200,
        ...(env.url ? { mail: { url: new URL(env.url), from: 'recourse@registry.test' } } : {}),
        ...(env.dnsServer ? { dnsServer: env.dnsServer } : {}),
      },
    },
    { clock: () => new Date(), log },
  );
  closers.push(() => opened.close());
  return opened;
}

const code = {
  to: 'creator@mail.example',
  code: 'ABCDE12345',
  language: 'en',
  expiresAt: new Date('2026-11-25T12:30:00Z'),
};

describe('a code by mail', () => {
  test('says who sends it, why, that nothing is kept and until when, to one recipient', async () => {
    const { received, port } = await mailServer({ login: true });
    const { proofs } = open({ url: `smtp://user:p%40ss@127.0.0.1:${port}` });
    await proofs.mailCode(code);
    await expect.poll(() => received).toHaveLength(1);
    const [mail] = received;
    expect(mail).toMatchObject({
      from: 'recourse@registry.test',
      to: ['creator@mail.example'],
      user: 'user',
    });
    for (const part of [
      'ABCDE12345',
      'registry.test',
      '2026-11-25, 12:30 UTC',
      'not kept',
      'Content-Type: text/plain',
      'Auto-Submitted: auto-generated',
    ]) {
      expect(mail?.text).toContain(part);
    }
  });

  test.each([
    'a@b.example, other@mail.example',
    'a@b.example\r\nBcc: other@mail.example',
    'X <a@b>',
    'a@b.example\nBcc: other@mail.example',
    'a@b.example\u2028Bcc: other@mail.example',
    'a\u0000@b.example',
    'a@b.example>,<other@mail.example',
    'a@b.example ORCPT=rfc822;other@mail.example',
  ])('to %j is not sent, and answered as if it were', async (to) => {
    const { received, port } = await mailServer();
    const opened = open({ url: `smtp://127.0.0.1:${port}` });
    await opened.proofs.mailCode({ ...code, to });
    await opened.close();
    expect(received).toEqual([]);
  });

  test('that the mail server refuses is answered as if it were sent, and the fault told without the address', async () => {
    const { port } = await mailServer({ refuses: true });
    const lines: string[] = [];
    const { proofs } = open({ url: `smtp://127.0.0.1:${port}` }, lines);
    await proofs.mailCode(code);
    const faults = () => lines.filter((line) => line.startsWith('mail: '));
    await expect.poll(faults).toHaveLength(1);
  });

  test('whose refusal quotes the address leaves none of it in the log', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    closers.push(() => printed.mockRestore());
    const { port } = await mailServer({ refuses: `550 5.1.1 <${code.to}>: unknown ${code.code}` });
    const { proofs } = open({ url: `smtp://127.0.0.1:${port}` }, consoleLog());
    await proofs.mailCode(code);
    await expect.poll(() => printed.mock.calls).toHaveLength(1);
    const line = String(printed.mock.calls[0]);
    expect(line).toContain('mail: ');
    expect(line).not.toMatch(/creator|mail\.example|ABCDE/);
  });

  test('is plain text: nothing in it is read as markup, and no line is one of SMTP', async () => {
    const { received, port } = await mailServer();
    const { proofs } = open({ url: `smtp://127.0.0.1:${port}` });
    await proofs.mailCode({ ...code, to: '<b>x</b>@mail.example' }).catch(() => undefined);
    await proofs.mailCode({ ...code, to: "o'neill&co=*#!$%/?^`{|}~@mail.example" });
    await expect.poll(() => received).toHaveLength(1);
    const [{ text, to } = { text: '', to: [] }] = received;
    expect(to).toEqual(["o'neill&co=*#!$%/?^`{|}~@mail.example"]);
    expect(text).not.toMatch(/text\/html|multipart|^Bcc:|^Cc:/im);
    expect(text.match(/^To: /gm)).toHaveLength(1);
  });

  test('never goes in clear to another machine: STARTTLS is demanded', async () => {
    const { received, port } = await mailServer();
    const lines: string[] = [];
    // A name for this machine that is not known to be it.
    const { proofs } = open({ url: `smtp://[::ffff:127.0.0.1]:${port}` }, lines);
    await proofs.mailCode(code);
    await expect.poll(() => lines).toHaveLength(1);
    expect(received).toEqual([]);
  });

  test('is sent five times an hour to one address, whoever asks', async () => {
    const { received, port } = await mailServer();
    const opened = open({ url: `smtp://127.0.0.1:${port}` });
    for (let i = 0; i < 9; i++) await opened.proofs.mailCode(code);
    await opened.close();
    expect(received).toHaveLength(5);
  });

  test('in production without a mail server is sent nowhere, and the operator is told at start', async () => {
    const lines: string[] = [];
    const opened = open({}, lines);
    expect(lines.join()).toContain('RECOURSE_SMTP_URL');
    await opened.proofs.mailCode(code);
    expect([opened.outbox, lines.length]).toEqual([undefined, 2]);
  });

  test('in a sandbox is shown in the outbox, the newest first', async () => {
    const opened = open({ mode: 'sandbox' });
    for (const to of ['first@mail.example', 'second@mail.example'])
      await opened.proofs.mailCode({ ...code, to });
    const mails = opened.outbox?.list() ?? [];
    expect(mails.map(({ to }) => to)).toEqual(['second@mail.example', 'first@mail.example']);
  });
});

describe('news of a case by mail', () => {
  const news = { to: 'creator@mail.example', language: 'en', stop: 'abcd-'.repeat(7) + 'abcd' };

  test('say that there are some, where to read them and how to stop them', async () => {
    const { received, port } = await mailServer();
    const opened = open({ url: `smtp://127.0.0.1:${port}` });
    expect(opened.news.available).toBe(true);
    await opened.news.mailNews(news);
    expect(received).toMatchObject([{ to: [news.to] }]);
    for (const part of ['There is news in your case', 'https://registry.test/case/stop#abcd-abcd'])
      expect(received[0]?.text).toContain(part);
  });

  test('that no mail server took are a failure, so that they are tried again', async () => {
    const { port } = await mailServer({ refuses: true });
    const opened = open({ url: `smtp://127.0.0.1:${port}` });
    await expect(opened.news.mailNews(news)).rejects.toThrow();
    const none = open({});
    expect(none.news.available).toBe(false);
    await expect(none.news.mailNews(news)).rejects.toMatchObject({ code: 'overloaded' });
  });
});

async function dnsServer(answer: Answer) {
  const { close, ...server } = await nameServer(answer);
  closers.push(close);
  return server;
}

describe('a TXT record', () => {
  test('is asked for by its name alone, and its parts are joined', async () => {
    const { server, asked } = await dnsServer((name) => txt(name, [['recourse', '=abc'], 'other']));
    const { proofs } = open({ dnsServer: server });
    expect([...(await proofs.txtRecords('_recourse.some.example'))].sort()).toEqual([
      'other',
      'recourse=abc',
    ]);
    expect(asked).toEqual(['_recourse.some.example']);
  });

  test.each([
    ['NXDOMAIN', 3],
    ['no data', 0],
  ])('that is not there (%s) is none, and no search domain is tried', async (_name, rcode) => {
    const { server, asked } = await dnsServer(() => ({ flags: rcode, answers: [] }));
    expect(await txtRecordsOf(server)('nothing.example')).toEqual([]);
    expect(new Set(asked)).toEqual(new Set(['nothing.example']));
  });

  test('of the longest domain, or of a name that DNS cannot ask for, is an answer', async () => {
    const { server } = await dnsServer((name) => ({
      flags: 3,
      answers: [],
      questions: [{ name, type: 'TXT' }],
    }));
    const longest = `${`${'a'.repeat(63)}.`.repeat(3)}${'b'.repeat(53)}.example`;
    expect(longest).toHaveLength(253);
    expect(await txtRecordsOf(server)(`_recourse.${longest}`)).toEqual([]);
    expect(await txtRecordsOf(server)(`_recourse.${longest.slice(10)}`)).toEqual([]);
  });

  test('under another number than the question is no answer to it', async () => {
    const { server } = await dnsServer((name) => ({ ...txt(name, ['proof']), id: 1 }));
    const asked = txtRecordsOf(server, { timeout: 50 })('_recourse.some.example');
    await expect(asked).rejects.toMatchObject({ code: 'overloaded' });
  });

  test('that is one of many is not looked for beyond the sixty-fourth', async () => {
    const many = Array.from({ length: 80 }, (_, i) => `x${i}`);
    const { server } = await dnsServer((name) => txt(name, many));
    expect(await txtRecordsOf(server)('_recourse.some.example')).toHaveLength(64);
  });

  test.each([
    ['refuses', { flags: 5, answers: [] }],
    ['fails', { flags: 2, answers: [] }],
    ['says nothing', undefined],
  ])('of a server that %s is a reason to try again, not an answer', async (_name, response) => {
    const { server } = await dnsServer(() => response);
    await expect(txtRecordsOf(server, { timeout: 50 })('some.example')).rejects.toMatchObject({
      code: 'overloaded',
      retryAfterSeconds: 30,
    });
  });
});
