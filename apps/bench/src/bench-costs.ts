import { randomBytes } from 'node:crypto';
import { blind, ready } from '@recourse/blind';
import { caseKey, newCaseSecret } from '@recourse/protocol';
import { discloseOne, settingOf, signedSide, type BenchOptions } from './bench-calls.ts';
import { liftBucket, submitSide } from './bench-submit.ts';
import type { LoadRequest } from './load/load.ts';
import { runLoad } from './load/run-load.ts';
import { round, type Report } from './report.ts';
import { assertAllAnswered, measure, middle, type Measurement, type Side } from './rounds.ts';
import { signedRequest } from './signing.ts';
import { openStage, type Stage } from './stage.ts';
import { makeSubmission } from './submission.ts';

/** The most a round may answer, and so how many are made before it. */
const evaluationsASecond = 900;
const appealsASecond = 60;

/**
 * Processor time of the server and of PostgreSQL that each kind of call takes, with its part of the log and of what else
 * goes on behind it. How many of them so many cores answer follows from that.
 */
export async function benchCosts(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  try {
    await liftBucket(stage);
    const { match } = await discloseOne(stage);
    const make: Record<string, () => Promise<Side>> = {
      'checks.match, told before': () => signedSide(stage, match, options),
      'checks.evaluate, three identifiers': () => evaluateSide(stage, options),
      'sanctions.submit': () => submitSide(stage, 'signed', options),
      'case.appeal': () => appealSide(stage, options),
    };
    const costs: Record<string, Measurement[]> = {};
    for (let i = 0; i <= options.rounds; i++) {
      for (const [name, side] of Object.entries(make)) {
        const measured = await measure(stage, await side(), options);
        // The first round prepares statements and warms up.
        if (i > 0) (costs[name] ??= []).push(measured);
      }
    }
    return report(costs, options);
  } finally {
    await stage.close();
  }
}

async function evaluateSide(stage: Stage, { seconds }: BenchOptions): Promise<Side> {
  await ready();
  const by = stage.key({ name: 'Tubely', role: 'service' });
  const inputs = Array.from({ length: 3 }, () => randomBytes(16));
  const blinded = blind(inputs).blinded.map((bytes) => Buffer.from(bytes).toString('base64url'));
  const input = { purpose: 'monetisation' as const, epochs: [1], blinded };
  const requests = [];
  for (let i = 0; i < seconds * evaluationsASecond; i++) {
    requests.push(await signedRequest(stage, { by, op: 'checks.evaluate', in: input }));
  }
  return { url: stage.signedUrl, requests };
}

/** Of records whose creators were told, and hold the key of their case: each of these appeals once. */
async function appealSide(stage: Stage, { seconds, connections }: BenchOptions): Promise<Side> {
  const by = stage.key({ name: 'Harbour', role: 'trust' });
  const sent = { submitted: [], told: [], claimed: [], requests: [] } as Record<
    'submitted' | 'told' | 'claimed' | 'requests',
    LoadRequest[]
  >;
  for (let i = 0; i < seconds * appealsASecond; i++) {
    const [code, key] = [newSecret(), newSecret()];
    const { submission, statement } = await makeSubmission(stage, by);
    const withCode = { ...submission, caseKey: caseKey(code) };
    const sentAt = Math.floor(Date.now() / 1000);
    const notice = { channel: 'web-message', language: 'en', sentAt } as const;
    const stated = { sanction: statement.jti, ...notice };
    sent.submitted.push(await signedRequest(stage, { by, op: 'sanctions.submit', in: withCode }));
    sent.told.push(await signedRequest(stage, { by, op: 'sanctions.stateNotice', in: stated }));
    sent.claimed.push(actOf('claim', { code, newKey: key }));
    const words = 'It was a screenshot.';
    sent.requests.push(actOf('appeal', { key, ground: 'disproportionate', words, language: 'en' }));
  }
  const url = stage.signedUrl;
  for (const requests of [sent.submitted, sent.told, sent.claimed]) {
    assertAllAnswered(await runLoad({ url, requests, connections, seconds: 120 }));
  }
  return { url, requests: sent.requests };
}

const newSecret = (): string => newCaseSecret((size) => randomBytes(size));

function actOf(act: string, input: object): LoadRequest {
  const jti = randomBytes(18).toString('base64url');
  return {
    path: `/trpc/case.${act}`,
    contentType: 'application/json',
    body: JSON.stringify({ ...input, jti }),
  };
}

function report(costs: Record<string, Measurement[]>, options: BenchOptions): Report {
  return {
    bench: 'costs',
    setting: settingOf(options),
    rows: Object.entries(costs).map(([call, measured]) => ({
      call,
      'a second': round(middle(measured, 'rate')),
      'server CPU us': round(middle(measured, 'cpu')),
      'PostgreSQL CPU us': round(middle(measured, 'database')),
    })),
    bars: [],
    notes: [
      'CPU: of all threads of the server, and of all processes of PostgreSQL (Linux alone), divided by what was answered.',
      'Reads that arrive together share a commit, so a lone one costs more. An address has two acts in flight.',
    ],
  };
}
