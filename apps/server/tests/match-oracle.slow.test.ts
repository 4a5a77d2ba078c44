import { ready } from '@recourse/blind';
import { random32 } from '@recourse/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from './child-server.ts';
import { ask, listed, noHold, openCheck } from './match-questions.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
let server: TestServer;

beforeAll(async () => {
  await ready();
  home = await newHome();
  server = (await startChild(home, { ...noHold, RECOURSE_MATCH_CLASS_MS: '0' })).client;
});
afterAll(() => home.close());

test('a first disclosure, another one and no record are answers of one length', async () => {
  const [one, asked] = [await listed(server), await openCheck(server)];
  const answers = [
    await ask(asked, one),
    await ask(asked, one),
    await ask(asked, random32()),
    await ask(await openCheck(server), one),
  ];
  expect(answers.map(({ body }) => body.result.matches.length)).toEqual([1, 1, 0, 1]);
  expect(answers.map(({ headers }) => headers['content-length'])).toEqual(Array(4).fill('4096'));
  expect(answers.map(({ text }) => Buffer.byteLength(text))).toEqual(Array(4).fill(4096));
});
