import { newCaseSecret } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newHome, type Answered, type TestHome, type TestServer } from './run-server.ts';
import { newJti } from './sample-case.ts';

let home: TestHome;
let server: TestServer;
beforeAll(async () => {
  home = await newHome();
  server = await home.start();
});
afterAll(() => home?.close());

const post = (path: string, fields: Record<string, string>): Promise<Answered> =>
  server.post(path, new URLSearchParams({ jti: newJti(), ...fields }).toString(), {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
const hidden = (text: string, name: string): string =>
  (new RegExp(`name="${name}"\\s+value="([^"]*)"`).exec(text)?.[1] ?? '').replaceAll('&quot;', '"');

/** Finds a case of the sample by its address, with a new key. */
async function found(): Promise<string> {
  const identifier = 'clips.factory@mail.example';
  const asked = (await post('/case/find', { kind: 'email', identifier })).text;
  const fields = { asked: hidden(asked, 'asked'), seal: hidden(asked, 'seal') };
  const { body } = await server.get('/sandbox/outbox');
  const proof = /^ {4}(\w+)$/m.exec(body.mails[0].text)?.[1] ?? '';
  const newKey = newCaseSecret(randomBytes);
  await post('/case/prove', { ...fields, newKey, proof });
  return `${newKey}.1`;
}

test('two who each proved an identifier say on the page why the case is theirs', async () => {
  const mine = await found();
  const appeal = { key: mine, ground: 'not-me', words: 'Not me.', language: 'en' };
  expect((await post('/case/appeal', appeal)).status).toBe(200);
  const theirs = await found();
  const held = (await post('/case', { code: theirs })).text;
  expect(held).toContain('Somebody else holds this case');
  expect(held).toContain('name="words"');

  const silent = await post('/case/contest-why', { key: theirs, words: '' });
  expect([silent.status, silent.text.includes('id="contest-why-words-error"')]).toEqual([
    422,
    true,
  ]);
  const why = '<b>The clips are mine.</b>';
  const asked = (await post('/case/contest-why', { key: theirs, words: why })).text;
  expect(asked).toContain('Sent. Two reviewers decide whose case this is.');
  expect(asked).toContain('&lt;b&gt;The clips are mine.&lt;/b&gt;');
  expect(asked).not.toContain('name="words"');

  const own = (await post('/case', { code: mine })).text;
  expect(own).toContain('Somebody else says that this case is theirs');
  expect(own).not.toContain('The clips are mine.');
  const answered = (await post('/case/contest-why', { key: mine, words: 'I paid for it.' })).text;
  expect(answered).toContain('I paid for it.');
  const twice = await post('/case/contest-why', { key: mine, words: 'Again.' });
  expect([twice.status, twice.text.includes('Reviewers are deciding that already.')]).toEqual([
    409,
    true,
  ]);
});
