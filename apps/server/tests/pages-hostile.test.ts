import { newCaseSecret } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, creatorAct, newJti, proveAll } from './sample-case.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
});
afterAll(() => home?.close());

const urlencoded = { 'Content-Type': 'application/x-www-form-urlencoded' };
const secret = (): string => newCaseSecret(randomBytes);

const post = (path: string, fields: Record<string, string>, more = {}): Promise<HttpAnswer> =>
  server.post(path, new URLSearchParams(fields).toString(), {
    headers: { ...urlencoded, ...more },
  });

async function claimed(label: string): Promise<string> {
  const code = await codeOfSample(server, label);
  const newKey = secret();
  expect((await creatorAct(server, 'case.claim', { code, newKey })).status).toBe(200);
  return newKey;
}

/** The value of a hidden field, as a browser would send it back. */
const hidden = (text: string, name: string): string =>
  (new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(text)?.[1] ?? '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const asks = { kind: 'wallet', identifier: `eip155:1:0x${'ab'.repeat(20)}` };

describe('a page of another site', () => {
  test.each([
    ['a text to sign with a wallet', { by: 'signature', message: 'I give my coins to Mallory.' }],
    [
      'a record that gets a certificate for a domain',
      { by: 'dns', name: '_acme-challenge.victim.example', value: 'Mallory' },
    ],
  ])('puts no words into the mouth of the registry: %s', async (_name, proof) => {
    const asked = { ...asks, find: `fnd_${'0'.repeat(26)}`, expiresAt: '2099-01-01T00:00:00Z' };
    const fields = { jti: newJti(), newKey: secret(), proof: '0x00' };
    const { text, status } = await post('/case/prove', {
      ...fields,
      asked: JSON.stringify({ ...asked, proof }),
    });
    expect(text).not.toMatch(/Mallory|acme/);
    expect(status).toBe(303);
  });

  test('nor words that it changed in what the registry asked', async () => {
    const { text } = await post('/case/find', { jti: newJti(), ...asks });
    const [asked, seal] = [hidden(text, 'asked'), hidden(text, 'seal')];
    expect(JSON.parse(asked).proof.by).toBe('signature');
    const answer = { jti: newJti(), newKey: secret(), proof: '0x00' };
    const again = await post('/case/prove', { ...answer, asked, seal });
    expect([again.status, again.text.includes('asks for proof')]).toEqual([422, true]);
    const changed = asked.replace('It moves nothing', 'It moves everything');
    expect(changed).not.toBe(asked);
    for (const other of [seal, '', hidden(again.text, 'asked')]) {
      const forged = await post('/case/prove', { ...answer, asked: changed, seal: other });
      expect([forged.status, forged.text]).toEqual([303, '']);
    }
  });

  test('posts no form here, with whatever secret it knows', async () => {
    const code = await codeOfSample(server, 'held');
    const fields = { jti: newJti(), code, newKey: secret(), key: secret() };
    const foreign = [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'https://mallory.example' },
      { Origin: 'null' },
      { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' },
      { Origin: server.origin.replace('http:', 'https:').replace(/\d+$/, '1') },
    ];
    for (const from of foreign) {
      for (const path of ['/case', '/case/claim', '/case/key', '/case/find', '/case/answer/x']) {
        const answer = await post(path, fields, from);
        expect([path, answer.status, answer.headers.location]).toEqual([path, 303, '/case']);
      }
      const file = await server.post('/case/file', 'x', {
        headers: { 'Content-Type': 'multipart/form-data; boundary=x', ...from },
      });
      expect(file.status).toBe(303);
    }
    const { body } = await creatorAct(server, 'case.open', { code });
    expect(body.result.data.case.access).toBe('code');
    for (const site of ['same-origin', 'none']) {
      expect((await post('/case', { code }, { 'Sec-Fetch-Site': site })).status).toBe(200);
    }
    expect((await post('/case', { code }, { Origin: server.origin })).status).toBe(200);
  });

  test('asks nothing of the procedures: they take JSON, and no site is allowed to send it', async () => {
    const headers = {
      Origin: 'https://mallory.example',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    };
    const asked = await server.send('OPTIONS', '/trpc/case.open', { headers });
    expect(asked.headers['access-control-allow-origin']).toBeUndefined();
    expect(asked.status).toBeGreaterThanOrEqual(400);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await server.post('/trpc/case.open', '{}', {
        headers: { 'Content-Type': type },
      });
      expect(answer.status).toBe(415);
    }
  });
});

describe('what was typed wrongly is said next to its field', () => {
  test('a code that is none, and one in capitals or within its link is read', async () => {
    const code = await codeOfSample(server, 'payout');
    const none = await post('/case', { code: 'what?' });
    expect([none.status, none.text.includes('id="case-code-error"')]).toEqual([422, true]);
    const link = ` ${server.origin}/case#${code.toUpperCase()} `;
    const right = await post('/case', { code: link });
    expect([right.status, right.text.includes('Nine in ten')]).toEqual([200, true]);
  });

  test('a file that is not what its name says', async () => {
    const key = await claimed('phishing');
    const words = { key, ground: 'not-me', words: 'No.', language: 'en' };
    const appeal = await creatorAct(server, 'case.appeal', words);
    await proveAll(home, appeal.body.result.data.sanction);
    const answer = await server.post('/case/file', upload(key, 'a.png', 'PK\u0003\u0004'), {
      headers: { 'Content-Type': 'multipart/form-data; boundary=WebKitPart' },
    });
    expect([answer.status, answer.text.includes('id="file-file-error"')]).toEqual([422, true]);
  });

  test.each([
    ['page.html', 'text/html'],
    ['drawing.svg', 'image/svg+xml'],
    ['bundle.zip', 'application/zip'],
    ['run.exe', 'application/pdf'],
  ])('%s said to be %s is not taken as what it is', async (name, type) => {
    const key = await held();
    const bytes = 'PK\u0003\u0004<svg onload=alert(1)>';
    const answer = await server.post('/case/file', upload(key, name, bytes, type), {
      headers: { 'Content-Type': 'multipart/form-data; boundary=WebKitPart' },
    });
    expect([answer.status, answer.text.includes('id="file-file-error"')]).toEqual([422, true]);
    const { body } = await creatorAct(server, 'case.open', { code: key });
    expect(body.result.data.case.appeals[0].files).toEqual([]);
  });

  test('a form of thousands of parts is not taken apart', async () => {
    const part =
      '--WebKitPart\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n\r\n';
    const headers = { 'Content-Type': 'multipart/form-data; boundary=WebKitPart' };
    const key = await held();
    const rest = upload(key, 'a.txt', 'x').toString();
    const many = await server.post('/case/file', part.repeat(20_000) + rest, { headers });
    expect(many.status).toBe(400);
    expect(many.text).toContain('That could not be read');
    const few = await server.post('/case/file', part.repeat(3) + rest, { headers });
    expect(few.status).toBe(200);
  });

  test('a file name is a name: no folder, no turned text, no markup', async () => {
    const key = await held();
    const name = '..\\..\\<img src=x>\u202Etxt.fdp.txt';
    const answer = await server.post('/case/file', upload(key, name, 'x'), {
      headers: { 'Content-Type': 'multipart/form-data; boundary=WebKitPart' },
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('&lt;img src=x&gt;txt.fdp.txt');
  });
});

let appealed: string | undefined;

/** The key of a case with an open appeal, and no file yet when the tests above took none. */
async function held(): Promise<string> {
  if (appealed) return appealed;
  appealed = await claimed('scam');
  const words = { key: appealed, ground: 'not-me', words: 'No.', language: 'en' };
  const { body } = await creatorAct(server, 'case.appeal', words);
  await proveAll(home, body.result.data.sanction);
  return appealed;
}

// oxlint-disable-next-line max-params -- the parts of a form, in their order
function upload(key: string, name: string, bytes: string, type = 'text/plain'): Buffer {
  const field = (part: string, value: string): string =>
    `--WebKitPart\r\nContent-Disposition: form-data; name="${part}"\r\n\r\n${value}\r\n`;
  const escaped = name.replaceAll('"', '%22');
  const file = `--WebKitPart\r\nContent-Disposition: form-data; name="file"; filename="${escaped}"\r\nContent-Type: ${type}\r\n\r\n${bytes}\r\n--WebKitPart--\r\n`;
  return Buffer.from(`${field('jti', newJti())}${field('key', key)}${file}`);
}
