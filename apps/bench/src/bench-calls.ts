import { randomBytes, createPublicKey, verify } from 'node:crypto';
import { blind, ready } from '@recourse/blind';
import { generateKey, parseCompact, signCompact, signerFromJwk } from '@recourse/protocol';
import { atLeast, atMost, round, type Report } from './report.ts';
import { measure, middle, type Measurement, type RoundOptions, type Side } from './rounds.ts';
import { call, signedRequest } from './signing.ts';
import { openStage, type Stage } from './stage.ts';
import { median } from './statistics.ts';
import { makeSubmission } from './submission.ts';

export interface BenchOptions extends RoundOptions {
  readonly rounds: number;
  /** Entries of the log that is verified */
  readonly entries: number;
  /** The most that the tables are filled to */
  readonly tokens: number;
  /** Records of the file that is imported */
  readonly records: number;
  /** Compares servers that are watched, and not */
  readonly isWatched: boolean;
  /** The consortium that is simulated, as JSON */
  readonly panel: string | undefined;
}

/** Settings of a bench of two sides. */
export const settingOf = ({ rounds, seconds, connections }: BenchOptions) => ({
  rounds,
  seconds,
  connections,
});

/** The most a round may answer, and so the number of calls that are signed before it; four times as many unsigned. */
const mostASecond = 3_000;

/**
 * `checks.match`, signed, audited and receipted: one listed token, already disclosed to this platform by this check,
 * padded answer. Against it a plain service, which answers one indexed row in a body of the same size, and the same
 * look-up unsigned, which is called own.
 */
export async function benchCalls(options: BenchOptions): Promise<Report> {
  const stage = await openStage();
  try {
    const asked = await discloseOne(stage);
    const make: Record<SideName, () => Promise<Side> | Side> = {
      plain: () => unsignedSide(stage, { path: '/bare/plain', asks: asked.plain }, options),
      own: () => unsignedSide(stage, { path: '/bare/match', asks: asked.match }, options),
      signed: () => signedSide(stage, asked.match, options),
    };
    const sides: Sides = { plain: [], own: [], signed: [] };
    for (const name of sideNames) await measure(stage, await make[name](), options);
    for (let i = 0; i < options.rounds; i++) {
      for (const name of sideNames)
        sides[name].push(await measure(stage, await make[name](), options));
    }
    return report(sides, options);
  } finally {
    await stage.close();
  }
}

const sideNames = ['plain', 'own', 'signed'] as const;
type SideName = (typeof sideNames)[number];
type Sides = Record<SideName, Measurement[]>;

interface Asked {
  readonly match: MatchRequest;
  readonly plain: { readonly sanction: string; readonly bytes: number };
}

interface MatchRequest {
  readonly party: string;
  readonly in: { check: `chk_${string}`; tokens: { epoch: number; token: string }[] };
}

export async function discloseOne(stage: Stage): Promise<Asked> {
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
  return {
    match: { party: asking.key.party, in: input },
    plain: { sanction: statement.jti, bytes: Buffer.byteLength(JSON.stringify(first)) },
  };
}

export async function signedSide(
  stage: Stage,
  request: MatchRequest,
  options: RoundOptions,
): Promise<Side> {
  const by = stage.key({ name: 'Tubely', role: 'service' });
  const sign = () => signedRequest(stage, { by, op: 'checks.match', in: request.in });
  const requests = [];
  for (let i = 0; i < options.seconds * mostASecond; i++) requests.push(await sign());
  return { url: stage.signedUrl, requests };
}

function unsignedSide(
  stage: Stage,
  { path, asks }: { path: string; asks: Asked[keyof Asked] },
  options: RoundOptions,
): Side {
  const request = { path, contentType: 'application/json', body: JSON.stringify(asks) };
  const length = options.seconds * mostASecond * 4;
  return { url: stage.bareUrl, requests: Array.from({ length }, () => request) };
}

async function report({ plain, own, signed }: Sides, options: BenchOptions): Promise<Report> {
  const ofPlain = (figure: keyof Measurement): number =>
    median(signed.map((m, i) => m[figure] / plain[i]![figure]));
  const crypto = await signatureCost();
  const beyond = middle(signed, 'cpu') - middle(own, 'cpu') - crypto.verify - crypto.sign;
  return {
    bench: 'calls',
    setting: { ...settingOf(options), verifyUs: round(crypto.verify), signUs: round(crypto.sign) },
    rows: [rowOf('plain', plain), rowOf('own', own), rowOf('signed', signed)],
    bars: [
      atLeast('throughput, of plain', ofPlain('rate'), 0.5),
      atMost('p99, of plain', ofPlain('p99'), 2.5),
      atMost('server CPU beyond own, verify and sign, us', beyond, 60),
    ],
    notes: [
      'Plain: one row by its primary key and a body of the same size, unsigned, over tRPC and Hono. Own: the look-up, unsigned.',
      'Signed: verified, audited, receipted, under a share lock on the sanction, key state re-read; the sequencer runs.',
      'A match costs no unit of the quota, and a listed token is no empty match.',
    ],
  };
}

export function rowOf(side: string, measured: readonly Measurement[]) {
  return {
    side,
    'answers/s': round(middle(measured, 'rate')),
    'p50 ms': round(middle(measured, 'p50')),
    'p99 ms': round(middle(measured, 'p99')),
    'server CPU us': round(middle(measured, 'cpu')),
  };
}

const rounds = 2_000;

/** Measures one verification and one signature on this machine, in microseconds of CPU. */
async function signatureCost(): Promise<{ verify: number; sign: number }> {
  const signer = await signerFromJwk(await generateKey());
  const compact = await signCompact(signer, 'recourse-call+jwt', { filler: 'x'.repeat(400) });
  const jws = parseCompact(compact);
  const key = createPublicKey({ key: { ...signer.publicJwk }, format: 'jwk' });
  return {
    // Without the way to the pool and back, which the server takes.
    verify: await cpuOf(() => verify(null, jws.signingInput, key, jws.signature)),
    sign: await cpuOf(() => signer.sign(jws.signingInput)),
  };
}

async function cpuOf(work: () => unknown): Promise<number> {
  for (let i = 0; i < rounds / 4; i++) await work();
  const before = process.cpuUsage();
  for (let i = 0; i < rounds; i++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}
