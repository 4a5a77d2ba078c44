import { randomBytes } from 'node:crypto';
import { blind, finalize, tokenInput } from '@recourse/blind';
import { deriveKeyPair, evaluateBatch, EvaluationPool } from '@recourse/blind/server';
import {
  generateKey,
  jcs,
  ops,
  parseCompact,
  parseStrictJson,
  signCompact,
  signerFromJwk,
  toBase64url,
  utf8,
  webVerifier,
} from '@recourse/protocol';
import { canonicalize } from '@recourse/protocol/identifiers';
import { nodeSigner, nodeVerifier } from '@recourse/registry';
import { median } from './statistics.ts';
import type { TappedCall } from './tap.ts';

/** Parts of one check, in milliseconds, each measured by itself. */
export interface SignupParts {
  readonly blinded: number;
  readonly unblinded: number;
  readonly evaluated: number;
  /** To the thread of the worker and back */
  readonly thread: number;
  readonly clientSignatures: number;
  readonly serverSignatures: number;
  readonly clientJson: number;
  readonly serverJson: number;
}

const times = 100;

/** Does apart what a check of so many identifiers does, on both sides, with neither line nor database between them. */
export async function measureParts(identifiers: number): Promise<SignupParts> {
  const keys = deriveKeyPair(randomBytes(32), 'bench');
  const emails = Array.from(
    { length: identifiers },
    () => `${randomBytes(9).toString('hex')}@example.com`,
  );
  const inputs = emails.map((email) => tokenInput('email', email));
  const { blinds, blinded } = blind(inputs);
  const evaluation = evaluateBatch({ ...keys, blinded });
  const pool = new EvaluationPool({ threads: 1 });
  const evaluated = await timeOf(() => evaluateBatch({ ...keys, blinded }));
  const pooled = await timeOf(() => pool.evaluate({ ...keys, blinded }));
  await pool.close();
  return {
    blinded: await timeOf(() => blind(inputs)),
    unblinded: await timeOf(() =>
      finalize({ inputs, blinds, blinded, ...evaluation, publicKey: keys.publicKey }),
    ),
    evaluated,
    thread: Math.max(0, pooled - evaluated),
    ...(await signatures()),
    ...(await json(emails, { blinded, ...evaluation })),
  };
}

/** The call is signed and the receipt verified over WebCrypto; the server does both on its own thread. */
async function signatures(): Promise<Pick<SignupParts, 'clientSignatures' | 'serverSignatures'>> {
  const jwk = await generateKey();
  const [web, node] = [await signerFromJwk(jwk), nodeSigner(jwk)];
  const jws = parseCompact(
    await signCompact(web, 'recourse-call+jwt', { filler: 'x'.repeat(400) }),
  );
  return {
    clientSignatures: await timeOf(async () => {
      await web.sign(jws.signingInput);
      await webVerifier(jws, web.publicJwk);
    }),
    serverSignatures: await timeOf(async () => {
      await nodeVerifier(jws, node.publicJwk);
      await node.sign(jws.signingInput);
    }),
  };
}

async function json(
  emails: readonly string[],
  {
    blinded,
    evaluated,
    proof,
  }: Record<'blinded' | 'evaluated', Uint8Array[]> & { proof: Uint8Array },
): Promise<Pick<SignupParts, 'clientJson' | 'serverJson'>> {
  const { input, output } = ops['checks.evaluate'];
  const asked = { purpose: 'monetisation', epochs: [1], blinded: blinded.map(toBase64url) };
  const evaluations = [
    { epoch: 1, elements: evaluated.map(toBase64url), proof: toBase64url(proof) },
  ];
  const answer = { check: 'chk_01hzy3v7q8e9k4m5n6p7r8s9t0', evaluated: evaluations };
  const [sent, answered] = [utf8(jcs(asked)), utf8(jcs({ result: answer }))];
  return {
    clientJson: await timeOf(() => {
      for (const email of emails) canonicalize('email', email);
      jcs(input.parse(asked));
      const { result } = parseStrictJson(answered) as { result: unknown };
      output.parse(result);
    }),
    serverJson: await timeOf(() => {
      input.parse(parseStrictJson(sent));
      JSON.stringify({ result: answer });
    }),
  };
}

/** Median milliseconds, once it is warm. */
async function timeOf(work: () => unknown): Promise<number> {
  const taken: number[] = [];
  for (let i = 0; i < 2 * times; i++) {
    const begun = performance.now();
    await work();
    if (i >= times) taken.push(performance.now() - begun);
  }
  return median(taken);
}

/** Parts of the checks of one round, each in milliseconds. */
export interface PartsOfRound {
  readonly check: readonly number[];
  readonly byAgent: readonly number[];
  /** Checks that the agent had just answered, and did not ask about again */
  readonly remembered: readonly number[];
  /** From the request of each check to the head of its answer */
  readonly exchanged: readonly number[];
  /** The same in the server */
  readonly tapped: readonly TappedCall[];
  readonly apart: SignupParts;
}

/** The parts of a check by name, what they come to, and what none of them explains. */
export function partsOf(rounds: readonly PartsOfRound[]): [string, number][] {
  const apart = (part: keyof SignupParts): number =>
    median(rounds.map((round) => round.apart[part]));
  const calls = usual(rounds.flatMap(({ tapped }) => tapped));
  const served = median(calls.map((call) => call.served));
  const check = median(rounds.flatMap((round) => round.check));
  const parts: [string, number][] = [
    ['client: to blind', apart('blinded')],
    ['client: to sign the call, verify the receipt', apart('clientSignatures')],
    ['client: canonical forms, JSON, schemas', apart('clientJson')],
    ['client: to verify the proof, unblind', apart('unblinded')],
    ['HTTP', median(rounds.flatMap((round) => round.exchanged)) - served],
    ['server: to verify the call, sign the receipt', apart('serverSignatures')],
    ['server: JSON, schemas', apart('serverJson')],
    ['worker: to evaluate, prove', apart('evaluated')],
    ['worker: to the thread and back', apart('thread')],
    ...(calls[0]?.roundTrips ?? []).map((_, trip): [string, number] => [
      `PostgreSQL: round trip ${trip + 1}`,
      median(calls.map(({ roundTrips }) => roundTrips[trip] ?? 0)),
    ]),
  ];
  const sum = parts.reduce((total, [, ms]) => total + ms, 0);
  return [
    ...parts,
    ['the sum of these parts', sum],
    ['of a check, in none of them', check - sum],
    ['of it, seen by the server', served],
    ['more, through the agent', median(rounds.flatMap((round) => round.byAgent)) - check],
    ['a check that the agent remembers', median(rounds.flatMap((round) => round.remembered))],
  ];
}

/** Those that asked PostgreSQL as often as most did: beside others a timer of the server asked, too. */
function usual(calls: readonly TappedCall[]): readonly TappedCall[] {
  const alike = Map.groupBy(calls, ({ roundTrips }) => roundTrips.length);
  return [...alike.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
}
