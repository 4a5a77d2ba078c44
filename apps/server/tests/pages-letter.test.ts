import { newCaseSecret } from '@recourse/protocol';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';
import { codeOfSample, concede, creatorAct, newJti } from './sample-case.ts';

let home: TestHome;
let server: TestServer;
let sanction: string;
let code: string;
let key: string;

const post = (path: string, fields: Record<string, string>, from = '127.0.8.1') =>
  server.post(path, new URLSearchParams({ jti: newJti(), ...fields }).toString(), {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    localAddress: from,
  });
const check = (letter: string, from?: string): Promise<HttpAnswer> =>
  post('/letter', { letter }, from);

beforeAll(async () => {
  home = await newHome();
  server = await home.start();
  key = newCaseSecret((size) => randomBytes(size));
  const notice = await codeOfSample(server, 'phishing');
  await creatorAct(server, 'case.claim', { code: notice, newKey: key });
  const words = 'w';
  await creatorAct(server, 'case.appeal', { key, ground: 'not-me', words, language: 'en' });
  const { body } = await creatorAct(server, 'case.open', { code: key });
  sanction = body.result.data.case.sanction;
  await concede(server, server.party('Harbour', 'trust'), sanction);
  const { text } = await post('/case/letter', { key });
  code = /letter#([0-9a-z-]{29})"/.exec(text)?.[1] ?? '';
});
afterAll(() => home?.close());

/** A page without what differs from one request to the next. */
const answerOf = ({ status, text }: HttpAnswer, typed: string): [number, string] => [
  status,
  text.replace(/name="jti"\s+value="[^"]*"/, '').replaceAll(typed, ''),
];

describe('the code of a letter on paper', () => {
  test('is typed with spaces and in capitals, and shows what the letter says, and nobody', async () => {
    for (const typed of [
      code,
      ` ${code.toUpperCase().replaceAll('-', ' ')} `,
      `x.test/letter#${code}`,
    ]) {
      const { status, text } = await check(typed);
      expect([status, text]).toEqual([200, expect.stringContaining('Genuine.')]);
      for (const part of ['Harbour', sanction, 'reversed on appeal']) expect(text).toContain(part);
      for (const part of [key, 'not-me', '@']) expect(text).not.toContain(part);
    }
  });

  test('is the same whenever the letter is shown, and stands in no address that a server reads', async () => {
    const { text } = await post('/case/letter', { key });
    expect(text).toContain(`/letter#${code}`);
    const answer = await server.get(`/letter/${code}`);
    expect(answer.status).toBe(404);
  });

  test('of no letter is NOT GENUINE, alike for a record that was righted, one that stands, and none', async () => {
    const { body } = await creatorAct(server, 'case.open', {
      code: await codeOfSample(server, 'scam'),
    });
    const standing = String(body.result.data.case.sanction).slice(4, 12);
    const rest = code.slice(9).replace(/^./, (first) => (first === '0' ? '1' : '0'));
    const places = [code.slice(0, 9), `${standing.slice(0, 4)}-${standing.slice(4)}`, '0000-0000'];
    const answers = [];
    for (const place of places)
      answers.push(answerOf(await check(`${place}-${rest}`), `${place}-${rest}`));
    expect(answers[0]).toEqual([422, expect.stringContaining('NOT GENUINE')]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test('is guessed twenty times by one address, which still hears what is genuine', async () => {
    const from = '127.0.8.2';
    const wrong = `${code.slice(0, -4)}zzzz`;
    const statuses: number[] = [];
    for (let nth = 0; nth < 22; nth++) statuses.push((await check(wrong, from)).status);
    expect(statuses.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 422));
    expect(statuses.at(-1)).toBe(429);
    expect((await check(code, from)).status).toBe(200);
    expect((await check(wrong, '127.0.8.3')).status).toBe(422);
  });
});
