import { blind, ready } from '@recourse/blind';
import { signerFromJwk, toBase64url, type PartyId, type Role } from '@recourse/protocol';
import { buildSubmission, random32, rankSum } from '@recourse/testkit';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from './child-server.ts';
import { newHome, type HttpAnswer, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
/** Answers as soon as it can */
let prompt: TestServer;
/** Answers as a registry does */
let classed: TestServer;

beforeAll(async () => {
  await ready();
  home = await newHome();
  // What is stated of a domain answers at once.
  const hold = { RECOURSE_HOLD_HOURS: '0' };
  prompt = (await startChild(home, { ...hold, RECOURSE_MATCH_CLASS_MS: '0' })).client;
  classed = (await startChild(home, hold)).client;
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

/** May ask so many tokens. */
async function openCheck(server: TestServer, tokens = 2): Promise<OpenCheck> {
  const elements = Array.from({ length: tokens }, () => randomBytes(16));
  const blinded = blind(elements).blinded.map(toBase64url);
  const input = { purpose: 'monetisation', epochs: [1], blinded };
  const { body } = await server.call(server.party('Tubely', 'service'), 'checks.evaluate', input);
  return { server, check: body.result.check };
}

interface OpenCheck {
  readonly server: TestServer;
  readonly check: string;
}

const sign = ({ server, check }: OpenCheck, token: string): Promise<string> => {
  const tokens = [{ epoch: 1, token }];
  return server.sign(server.party('Tubely', 'service'), 'checks.match', { check, tokens });
};

const ask = async (check: OpenCheck, token: string): Promise<HttpAnswer> =>
  check.server.post('/call/checks.match', await sign(check, token));

interface Times {
  readonly listed: number[];
  readonly unlisted: number[];
}

/** Adds the milliseconds of a first disclosure and of an answer without a record. Who is first is by lot. */
async function addPair(times: Times, check: OpenCheck, token: string): Promise<void> {
  const pair: [keyof Times, string][] = [
    ['listed', token],
    ['unlisted', random32()],
  ];
  for (const [which, one] of Math.random() < 0.5 ? pair : pair.toReversed()) {
    const compact = await sign(check, one);
    const sent = performance.now();
    await check.server.post('/call/checks.match', compact);
    times[which].push(performance.now() - sent);
  }
}

/** A program that takes all it gets of a core, until who started it is gone. */
const busy = `
  const parent = process.ppid;
  const turn = () => {
    const until = performance.now() + 50;
    while (performance.now() < until);
    if (process.ppid === parent) setImmediate(turn);
  };
  turn();`;

async function whileBusy(programs: number, work: () => Promise<void>): Promise<void> {
  const running = Array.from({ length: programs }, () => spawn(process.execPath, ['-e', busy]));
  try {
    await work();
  } finally {
    for (const program of running) program.kill('SIGKILL');
  }
}

test('a first disclosure, another one and no record are answers of one length', async () => {
  const [one, asked] = [await listed(), await openCheck(prompt)];
  const answers = [
    await ask(asked, one),
    await ask(asked, one),
    await ask(asked, random32()),
    await ask(await openCheck(prompt), one),
  ];
  expect(answers.map(({ body }) => body.result.matches.length)).toEqual([1, 1, 0, 1]);
  expect(answers.map(({ headers }) => headers['content-length'])).toEqual(Array(4).fill('4096'));
  expect(answers.map(({ text }) => Buffer.byteLength(text))).toEqual(Array(4).fill(4096));
});

/**
 * How many standard deviations tell the one server's answers apart, and do not tell the other's. The first is looked at after
 * each batch, so it is set high; the second is exceeded by chance once in 16,000.
 */
const [seen, unseen] = [5, 4];
const batch = 20;
const most = 600;

test('and a busy machine does not tell them apart by time, where answers that leave at once are told apart', async () => {
  const times = { prompt: noTimes(), classed: noTimes() };
  const score = (times: Times): number => rankSum(times.listed, times.unlisted);
  // Both servers in turns, until there are as many pairs as it takes to tell them apart at the one without classes.
  do {
    const tokens: string[] = [];
    while (tokens.length < 2 * batch) tokens.push(...(await Promise.all([listed(), listed()])));
    await whileBusy(availableParallelism(), async () => {
      const checks = {
        prompt: await openCheck(prompt, 2 * batch),
        classed: await openCheck(classed, 2 * batch),
      };
      for (let n = 0; n < batch; n++) {
        await addPair(times.prompt, checks.prompt, tokens[2 * n]!);
        await addPair(times.classed, checks.classed, tokens[2 * n + 1]!);
      }
    });
    if (process.env['RECOURSE_TIMES']) {
      const scores = { prompt: score(times.prompt), classed: score(times.classed) };
      const pairs = times.prompt.listed.length;
      process.stdout.write(`${JSON.stringify({ pairs, ...scores, load: loadavg()[0] })}\n`);
    }
  } while (score(times.prompt) < seen && times.prompt.listed.length < most);
  expect(score(times.prompt)).toBeGreaterThan(seen);
  expect(Math.abs(score(times.classed))).toBeLessThan(unseen);
}, 900_000);

const noTimes = (): Times => ({ listed: [], unlisted: [] });
