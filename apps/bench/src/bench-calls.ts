import { randomBytes } from 'node:crypto';
import { blind, ready } from '@recourse/blind';
import { signatureCost } from './crypto-cost.ts';
import { atLeast, atMost, round, type Report } from './report.ts';
import { measure, middle, type Measurement, type RoundOptions, type Side } from './rounds.ts';
import { call, signedRequest } from './signing.ts';
import { openStage, type Stage } from './stage.ts';
import { median } from './statistics.ts';
import { makeSubmission } from './submission.ts';

export interface BenchOptions extends RoundOptions {
  readonly rounds: number;
  /** Of the log that is verified */
  readonly entries: number;
  /** The most that the tables are filled to */
  readonly tokens: number;
}

/** What a bench of two sides is set to. */
export const settingOf = ({ rounds, seconds, connections }: BenchOptions) => ({
  rounds,
  seconds,
  connections,
});

/** The most a round may answer, and so the number of calls that are signed before it. */
const mostASecond = 6_000;

/**
 * `checks.match`, signed, audited and receipted, against the same lookup bare: one listed token, already
 * disclosed to this platform by this check, padded answer.
 */
export async function benchCalls(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  try {
    const asked = await discloseOne(stage);
    const sides = { signed: [] as Measurement[], bare: [] as Measurement[] };
    await measure(stage, await signedSide(stage, asked, options), options);
    await measure(stage, bareSide(stage, asked, options), options);
    for (let i = 0; i < options.rounds; i++) {
      sides.bare.push(await measure(stage, bareSide(stage, asked, options), options));
      sides.signed.push(await measure(stage, await signedSide(stage, asked, options), options));
    }
    return report(sides, options);
  } finally {
    await stage.close();
  }
}

interface MatchRequest {
  readonly party: string;
  readonly in: { check: `chk_${string}`; tokens: { epoch: number; token: string }[] };
}

async function discloseOne(stage: Stage): Promise<MatchRequest> {
  const trust = stage.key({ name: 'Harbour', role: 'trust' });
  const asking = stage.key({ name: 'Tubely', role: 'service' });
  const { submission, statement } = await makeSubmission(stage, trust);
  await call(stage, { by: trust, op: 'sanctions.submit', in: submission });
  const sentAt = Math.floor(Date.now() / 1000);
  const notice = { channel: 'web-message' as const, language: 'en', sentAt };
  await call(stage, {
    by: trust,
    op: 'sanctions.stateNotice',
    in: { sanction: statement.jti, ...notice },
  });
  await stage.show(statement.jti);
  await ready();
  const [element] = blind([randomBytes(16)]).blinded;
  const blinded = [Buffer.from(element!).toString('base64url')];
  const evaluated = await call(stage, {
    by: asking,
    op: 'checks.evaluate',
    in: { purpose: 'monetisation', epochs: [1], blinded },
  });
  const { check } = evaluated as { check: `chk_${string}` };
  const input = { check, tokens: [{ epoch: 1, token: submission.tokens[0]!.token }] };
  const first = await call(stage, { by: asking, op: 'checks.match', in: input });
  if ((first as { matches: unknown[] }).matches.length !== 1)
    throw new Error('nothing was disclosed');
  return { party: asking.key.party, in: input };
}

async function signedSide(stage: Stage, asked: MatchRequest, options: RoundOptions): Promise<Side> {
  const by = stage.key({ name: 'Tubely', role: 'service' });
  const sign = () => signedRequest(stage, { by, op: 'checks.match', in: asked.in });
  const requests = [];
  for (let i = 0; i < options.seconds * mostASecond; i++) requests.push(await sign());
  return { url: stage.signedUrl, requests };
}

function bareSide(stage: Stage, asked: MatchRequest, options: RoundOptions): Side {
  const request = {
    path: '/bare/match',
    contentType: 'application/json',
    body: JSON.stringify(asked),
  };
  const length = options.seconds * mostASecond * 2;
  return { url: stage.bareUrl, requests: Array.from({ length }, () => request) };
}

async function report(
  { signed, bare }: { signed: Measurement[]; bare: Measurement[] },
  options: BenchOptions,
): Promise<Report> {
  const ratio = (what: keyof Measurement): number =>
    median(signed.map((m, i) => m[what] / bare[i]![what]));
  const crypto = await signatureCost();
  const beyond = middle(signed, 'cpu') - middle(bare, 'cpu') - crypto.verify - crypto.sign;
  return {
    bench: 'calls',
    setting: { ...settingOf(options), verifyUs: round(crypto.verify), signUs: round(crypto.sign) },
    rows: [rowOf('bare', bare), rowOf('signed', signed)],
    bars: [
      atLeast('throughput', ratio('rate'), 0.65),
      atMost('p99', ratio('p99'), 2),
      atMost('server CPU beyond bare, verify and sign, us', beyond, 60),
    ],
    notes: [
      'Signed: verified, audited, receipted, under a share lock on the sanction, key state re-read; the sequencer runs.',
      'A match costs no unit of the quota, and a listed token is no empty match.',
    ],
  };
}

function rowOf(side: string, measured: readonly Measurement[]) {
  return {
    side,
    'answers/s': round(middle(measured, 'rate')),
    'p50 ms': round(middle(measured, 'p50')),
    'p99 ms': round(middle(measured, 'p99')),
    'server CPU us': round(middle(measured, 'cpu')),
  };
}
