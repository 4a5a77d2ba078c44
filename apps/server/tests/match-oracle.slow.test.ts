import { blind, ready } from '@recourse/blind';
import { signerFromJwk, toBase64url, type PartyId, type Role } from '@recourse/protocol';
import { buildSubmission, random32, rankSum } from '@recourse/testkit';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
/** Answers as soon as it can */
let prompt: TestServer;

beforeAll(async () => {
  await ready();
  home = await newHome();
  // What is stated of a domain answers at once.
  prompt = await home.start({ RECOURSE_MATCH_CLASS_MS: '0', RECOURSE_HOLD_HOURS: '0' });
  const { party } = prompt.party('Harbour', 'trust');
  const quota = { party, submissionsPerDay: 100_000, elementsPerDay: 1_000_000 };
  const operators = prompt.parties.filter(({ name }) => name === 'Operator');
  for (const operator of operators) await prompt.call(operator, 'platforms.setQuota', quota);
});
afterAll(() => home.close());

/** Records a sanction that answers. @returns its token */
async function listed(): Promise<string> {
  const key = prompt.party('Harbour', 'trust');
  const signer = await signerFromJwk(key.privateJwk);
  const identity = { party: key.party as PartyId, role: key.role as Role, signer, statement: '' };
  const submission = await buildSubmission({
    signedBy: { ...key, ...identity },
    audience: prompt.origin,
    now: new Date(),
  });
  const { body } = await prompt.call(key, 'sanctions.submit', submission);
  const { sanction } = body.result;
  const sentAt = Math.floor(Date.now() / 1000);
  const notice = { sanction, channel: 'letter', language: 'en', sentAt };
  await prompt.call(key, 'sanctions.stateNotice', notice);
  return submission.tokens[0]!.token;
}

/** May ask two tokens. */
async function openCheck(server: TestServer): Promise<string> {
  const blinded = blind([randomBytes(16), randomBytes(16)]).blinded.map(toBase64url);
  const input = { purpose: 'monetisation', epochs: [1], blinded };
  const { body } = await server.call(server.party('Tubely', 'service'), 'checks.evaluate', input);
  return body.result.check;
}

interface OpenCheck {
  readonly server: TestServer;
  readonly check: string;
}

const ask = ({ server, check }: OpenCheck, token: string): Promise<HttpAnswer> =>
  server.call(server.party('Tubely', 'service'), 'checks.match', {
    check,
    tokens: [{ epoch: 1, token }],
  });

interface Times {
  readonly listed: number[];
  readonly unlisted: number[];
}

/** Milliseconds of first disclosures and of answers without a record, in turns, and who is first by lot. */
async function timesOf(server: TestServer, pairs: number): Promise<Times> {
  const tokens = [];
  for (let i = 0; i < pairs; i++) tokens.push(await listed());
  const times: Times = { listed: [], unlisted: [] };
  for (const token of tokens) {
    const asked = { server, check: await openCheck(server) };
    const pair: [keyof Times, string][] = [
      ['listed', token],
      ['unlisted', random32()],
    ];
    for (const [which, of] of Math.random() < 0.5 ? pair : pair.toReversed()) {
      const sent = performance.now();
      await ask(asked, of);
      times[which].push(performance.now() - sent);
    }
  }
  return times;
}

const quantile = (list: readonly number[], q: number): number =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length * q)]!;

/** By chance alone once in 15,000 */
const bound = 4;
const pairs = 80;

test('a first disclosure, another one and no record are answers of one length', async () => {
  const [one, check] = [await listed(), await openCheck(prompt)];
  const asked = { server: prompt, check };
  const answers = [
    await ask(asked, one),
    await ask(asked, one),
    await ask(asked, random32()),
    await ask({ server: prompt, check: await openCheck(prompt) }, one),
  ];
  expect(answers.map(({ body }) => body.result.matches.length)).toEqual([1, 1, 0, 1]);
  expect(answers.map(({ headers }) => headers['content-length'])).toEqual(Array(4).fill('4096'));
  expect(answers.map(({ text }) => Buffer.byteLength(text))).toEqual(Array(4).fill(4096));
});

test('and leave at one time, where without time classes they are told apart', async () => {
  // More of them: without classes the difference is a part of what a busy machine adds by itself.
  const control = await timesOf(prompt, 3 * pairs);
  expect(rankSum(control.listed, control.unlisted)).toBeGreaterThan(bound);
  const difference = quantile(control.listed, 0.5) - quantile(control.unlisted, 0.5);
  // On this machine, as it is now: a class that nearly every answer is in.
  const smallest = Math.ceil(3 * quantile(control.listed, 0.95));
  const classed = await home.start({
    RECOURSE_MATCH_CLASS_MS: String(Math.min(smallest, 1000)),
    RECOURSE_HOLD_HOURS: '0',
  });
  const apart: number[] = [];
  // A machine that is busy with other things may come late to more than one class, or be too restless to tell: four tries.
  for (let tries = 0; tries < 4 && (apart.at(-1) ?? Infinity) >= bound; tries++) {
    const times = await timesOf(classed, pairs);
    // The power of this: the half of what was seen before would be seen here, or it does not count.
    const shifted = times.unlisted.map((ms) => ms + difference / 2);
    if (rankSum(shifted, times.unlisted) <= bound) continue;
    apart.push(Math.abs(rankSum(times.listed, times.unlisted)));
  }
  expect(Math.min(...apart)).toBeLessThan(bound);
  if (process.env['RECOURSE_TIMES']) {
    process.stdout.write(`${JSON.stringify({ difference, smallest, apart })}\n`);
  }
}, 600_000);
