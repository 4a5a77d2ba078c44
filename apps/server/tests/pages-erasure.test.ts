import { newCaseSecret } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';
import { advance, codeOfSample, concede, creatorAct, newJti, proveAll } from './sample-case.ts';

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

async function claimed(label: string): Promise<{ key: string; sanction: string }> {
  const code = await codeOfSample(server, label);
  const key = newCaseSecret((size) => randomBytes(size));
  const answer = await creatorAct(server, 'case.claim', { code, newKey: key });
  expect(answer.status).toBe(200);
  return { key, sanction: answer.body.result.data.sanction };
}

test('the papers are offered before an ended case is erased, and nothing opens it afterwards', async () => {
  const { key, sanction } = await claimed('payout');
  const platform = server.party('Tubely', 'trust');
  await proveAll(home, sanction);
  expect((await concede(server, platform, sanction)).status).toBe(200);
  const before = await post('/case/erasing', { key });
  expect(before.text).toContain('Download the letter');
  expect(before.text).toContain('Download the receipt');
  const asked = await post('/case/erase', { key });
  expect([asked.status, asked.text.includes('You asked for it on')]).toEqual([200, true]);
  expect(asked.text).toContain('The request is not signed.');
  const answer = await post('/case/erasure/keep', { key });
  expect([answer.status, answer.text.includes('You asked for it on')]).toEqual([200, false]);
  expect((await post('/case/erase', { key })).status).toBe(200);
  await advance(server, 31 * 86_400);
  expect((await post('/case', { code: key })).status).toBe(422);
});

test('an objection to a live record needs words, and opens an appeal', async () => {
  const { key } = await claimed('held');
  const bare = await post('/case/erase', { key, words: '' });
  expect([bare.status, bare.text.includes('Write something first.')]).toEqual([422, true]);
  const words = 'The page was public.';
  const sent = await post('/case/erase', { key, words });
  expect([sent.status, sent.text.includes('Your appeal was received')]).toEqual([200, true]);
  const { body } = await creatorAct(server, 'case.open', { code: key });
  expect(body.result.data.case).toMatchObject({ disputed: true, erasures: [] });
});
