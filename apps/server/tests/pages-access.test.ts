import { newCaseSecret } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';
import { advance, codeOfSample, creatorAct, newJti } from './sample-case.ts';

let home: TestHome;
let server: TestServer;
beforeAll(async () => {
  home = await newHome();
  server = await home.start();
});
afterAll(() => home?.close());

const headers = {
  'Content-Type': 'application/x-www-form-urlencoded',
  'Sec-Fetch-Site': 'same-origin',
};

const post = (path: string, fields: Record<string, string>): Promise<HttpAnswer> =>
  server.post(path, new URLSearchParams({ jti: newJti(), ...fields }).toString(), { headers });

async function claimed(label: string): Promise<{ key: string }> {
  const code = await codeOfSample(server, label);
  const key = newCaseSecret((size) => randomBytes(size));
  const answer = await creatorAct(server, 'case.claim', { code, newKey: key });
  expect(answer.status).toBe(200);
  return { key };
}

const mails = async (to: string): Promise<{ subject: string; text: string }[]> =>
  (await server.get('/sandbox/outbox')).body.mails.filter((mail: { to: string }) => mail.to === to);

const code = /^ {4}([0-9A-Z]{10})$/m;

test('news are mailed to an address once its code was typed, say nothing of the record, and stop by their link', async () => {
  const { key } = await claimed('payout');
  const email = 'creator.one@mail.example';
  const bad = await post('/case/contact', { key, email: 'nobody' });
  expect([bad.status, bad.text.includes('That is no email address')]).toEqual([422, true]);
  const left = await post('/case/contact?lang=de', { key, email });
  expect([left.status, left.text.includes('c…@mail.example')]).toEqual([200, true]);
  const wrong = await post('/case/contact/confirm', { key, code: 'AAAAAAAAAA' });
  expect([wrong.status, wrong.text.includes('That is not the code.')]).toEqual([422, true]);
  const [{ text } = { text: '' }] = await mails(email);
  const confirmed = await post('/case/contact/confirm', { key, code: code.exec(text)?.[1] ?? '' });
  expect([confirmed.status, confirmed.text.includes('has been told of news')]).toEqual([200, true]);

  const words = 'It was not me.';
  const appeal = { key, ground: 'not-me', words, language: 'en' };
  expect((await creatorAct(server, 'case.appeal', appeal)).status).toBe(200);
  await advance(server, 1);
  await expect.poll(() => mails(email)).toHaveLength(2);
  const [news] = await mails(email);
  expect(news?.subject).toBe('Es gibt Neues in Ihrem Fall');
  expect(news?.text).not.toMatch(/Tubely|snc_|payout|Auszahlung|Einspruch/);
  const [, stop = ''] = /\/case\/stop#([0-9a-z-]{39})/.exec(news?.text ?? '') ?? [];
  const stopped = await post('/case/stop', { code: stop });
  expect([stopped.status, stopped.text.includes('The mails have stopped')]).toEqual([200, true]);
  const again = await post('/case/stop', { code: stop });
  expect([again.status, again.text.includes('This code stops nothing')]).toEqual([422, true]);
});

test('somebody is given access by a code that is shown once, and it is ended again', async () => {
  const { key } = await claimed('scam');
  const nameless = await post('/case/access/invite', { key, name: ' ', as: 'representative' });
  expect([nameless.status, nameless.text.includes('80 characters')]).toEqual([422, true]);
  const invitation = newCaseSecret((size) => randomBytes(size));
  const invite = { key, invitation, name: 'Dr. Gómez', as: 'representative' };
  const invited = await post('/case/access/invite', invite);
  expect([invited.status, invited.text.includes(invitation)]).toEqual([200, true]);
  expect(invited.text).toContain('/case/accept');

  const newKey = newCaseSecret((size) => randomBytes(size));
  const accepted = await post('/case/accept', { code: invitation, newKey });
  expect([accepted.status, accepted.text.includes(newKey)]).toEqual([200, true]);
  const used = await post('/case/accept', { code: invitation, newKey });
  expect([used.status, used.text.includes('This code opens nothing')]).toEqual([422, true]);

  const theirs = await post('/case', { code: newKey, part: 'access' });
  expect(theirs.text).toContain('You act for somebody else.');
  const appealing = await post('/case', { code: newKey, part: 'appeal' });
  expect(appealing.text).toContain('action="/case/appeal"');
  expect(theirs.text).not.toContain('action="/case/erasing"');
  expect(theirs.text).not.toContain('action="/case/access/invite"');
  const mine = await post('/case', { code: key, part: 'access' });
  expect(mine.text).toContain('Dr. Gómez');
  const ended = await post('/case/access/end', { key, place: '1' });
  expect([ended.status, ended.text.includes('That access has ended.')]).toEqual([200, true]);
  expect((await post('/case', { code: newKey })).status).toBe(422);
});

test('whoever was given access ends it themselves', async () => {
  const { key } = await claimed('held');
  const invitation = newCaseSecret((size) => randomBytes(size));
  const newKey = newCaseSecret((size) => randomBytes(size));
  await post('/case/access/invite', { key, invitation, name: 'A', as: 'representative' });
  await post('/case/accept', { code: invitation, newKey });
  const ended = await post('/case/access/end', { key: newKey, place: '1', own: 'yes' });
  expect([ended.status, ended.headers.location]).toEqual([303, '/case']);
  expect((await post('/case', { code: newKey })).status).toBe(422);
});
