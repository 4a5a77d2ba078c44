import { ready } from '@recourse/blind';
import { random32, rankSum } from '@recourse/testkit';
import { spawn } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChild } from './child-server.ts';
import { listed, noHold, openCheck, raiseQuota, sign, type OpenCheck } from './match-questions.ts';
import { newHome, type TestHome, type TestServer } from './run-server.ts';

let home: TestHome;
/** Answers as soon as it can */
let prompt: TestServer;
/** Answers as a registry does */
let classed: TestServer;

beforeAll(async () => {
  await ready();
  home = await newHome();
  prompt = (await startChild(home, { ...noHold, RECOURSE_MATCH_CLASS_MS: '0' })).client;
  classed = (await startChild(home, noHold)).client;
  await raiseQuota(prompt);
});
afterAll(() => home.close());

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

/**
 * How many standard deviations tell the one server's answers apart, and do not tell the other's. The first is looked at after
 * each batch, so it is set high; the second is exceeded by chance once in 16,000.
 */
const [seen, unseen] = [5, 4];
const batch = 20;
const most = 600;

test('a busy machine does not tell them apart by time, where answers that leave at once are told apart', async () => {
  const times = { prompt: noTimes(), classed: noTimes() };
  const score = (times: Times): number => rankSum(times.listed, times.unlisted);
  // Both servers in turns, until there are as many pairs as it takes to tell them apart at the one without classes.
  do {
    const tokens: string[] = [];
    while (tokens.length < 2 * batch)
      tokens.push(...(await Promise.all([listed(prompt), listed(prompt)])));
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
