import { randomBytes } from 'node:crypto';
import { thumbprint, type PublicJwk } from '@recourse/protocol';
import { connect, type Recourse } from '@recourse/sdk';
import sodium from 'libsodium-wrappers-sumo';
import type { BenchOptions } from './bench-calls.ts';
import { atLeast, atMost, progress, round, type Report } from './report.ts';
import { measureParts, partsOf, type PartsOfRound } from './signup-parts.ts';
import { openStage, type Stage } from './stage.ts';
import { median, quantile } from './statistics.ts';

const checksARound = 100;
const identifiers = 3;
/** Multiplications of both halves, for three identifiers: the bar counts them */
const multiplications = 25;

interface Round extends PartsOfRound {
  readonly multiplied: readonly number[];
  readonly posted: readonly number[];
  readonly committed: readonly number[];
}

/**
 * A check of three identifiers without a record, by the SDK with its prefix set loaded, against what it cannot do
 * without: the multiplications, one request, one durable row.
 */
export async function benchSignup({ rounds }: BenchOptions): Promise<Report> {
  const stage = await openStage({ isTapped: true });
  try {
    await sodium.ready;
    const calls: Calls = { made: 0, milliseconds: [] };
    const recourse = await connected(stage, calls);
    await recourse.prefixes.renew();
    await checks(recourse, calls);
    const agent = await stage.agent('Marketo');
    await each(() => askAgent(agent, strangers()));
    const measured: Round[] = [];
    const requests: number[] = [];
    for (let i = 0; i < rounds; i++) {
      progress(`round ${i + 1} of ${rounds}`);
      const endTap = await stage.tap();
      const { check, callsOfEach, exchanged } = await checks(recourse, calls);
      const tapped = await endTap();
      requests.push(...callsOfEach);
      const byAgent = await each(() => askAgent(agent, strangers()));
      const [known, provenAt] = [strangers(), new Date()];
      await askAgent(agent, known, provenAt);
      const remembered = await each(() => askAgent(agent, known, provenAt));
      const posted = await each(() => post(stage));
      const multiplied = await each(multiply);
      measured.push({
        check,
        exchanged,
        tapped,
        byAgent,
        remembered,
        multiplied,
        posted,
        committed: await stage.commit(checksARound),
        apart: await measureParts(identifiers),
      });
    }
    return report({ measured, requests, rounds });
  } finally {
    await stage.close();
  }
}

/** Calls that the SDK sent, and how long each took until its answer began. */
interface Calls {
  made: number;
  milliseconds: number[];
}

async function connected(stage: Stage, calls: Calls): Promise<Recourse> {
  const { key, signer } = stage.key({ name: 'Tubely', role: 'service' });
  const response = await fetch(`${stage.signedUrl}/.well-known/recourse`);
  const { logKey } = (await response.json()) as { logKey: PublicJwk };
  return connect({
    registry: { origin: stage.origin, logKid: thumbprint(logKey), url: stage.signedUrl },
    party: key.party,
    signers: { service: signer },
    fetch: async (url, init) => {
      if (!url.includes('/call/')) return fetch(url, init);
      calls.made++;
      const begun = performance.now();
      const answer = await fetch(url, init);
      calls.milliseconds.push(performance.now() - begun);
      return answer;
    },
  });
}

async function checks(recourse: Recourse, calls: Calls) {
  calls.milliseconds = [];
  const callsOfEach: number[] = [];
  const check = await each(async () => {
    const before = calls.made;
    const asked = { purpose: 'signup', provenAt: new Date() } as const;
    const { advice } = await recourse.check({ email: strangers() }, asked);
    assertNobody(advice);
    callsOfEach.push(calls.made - before);
  });
  return { check, callsOfEach, exchanged: calls.milliseconds };
}

/** The same check, as a service of a platform asks it. */
async function askAgent(agent: string, email: string[], provenAt = new Date()): Promise<void> {
  const response = await fetch(`${agent}/check`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      identifiers: { email },
      purpose: 'signup',
      provenAt: provenAt.toISOString(),
    }),
  });
  assertNobody(((await response.json()) as { advice?: string }).advice);
}

const strangers = (): string[] =>
  Array.from({ length: identifiers }, () => `${randomBytes(9).toString('hex')}@example.com`);

function assertNobody(advice: string | undefined): void {
  if (advice !== 'no-record') throw new Error(`a check of nobody answered ${advice}`);
}

async function post({ bareUrl }: Stage): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${bareUrl}/bare/nothing`, { method: 'POST', headers, body: '{}' });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`nothing answered ${response.status}`);
}

function multiply(): void {
  const point = sodium.crypto_core_ristretto255_random();
  const scalar = sodium.crypto_core_ristretto255_scalar_random();
  for (let i = 0; i < multiplications; i++) sodium.crypto_scalarmult_ristretto255(scalar, point);
}

/** Milliseconds of so many runs, one after the other. */
async function each(run: () => Promise<void> | void): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let i = 0; i < checksARound; i++) {
    const begun = performance.now();
    await run();
    milliseconds.push(performance.now() - begun);
  }
  return milliseconds;
}

type Timed = 'check' | 'byAgent' | 'multiplied' | 'posted' | 'committed';

function report(results: { measured: Round[]; requests: number[]; rounds: number }): Report {
  const { measured, requests, rounds } = results;
  const p50 = (figure: Timed): number => median(measured.map((one) => quantile(one[figure], 0.5)));
  const ratios = (figure: Timed): number[] =>
    measured.map(
      (one) =>
        quantile(one[figure], 0.5) /
        [one.multiplied, one.posted, one.committed].reduce(
          (sum, times) => sum + quantile(times, 0.5),
          0,
        ),
    );
  const single = requests.filter((made) => made === 1).length / requests.length;
  const rowOf = (figure: Timed, name: string) => ({ what: name, 'p50 ms': round(p50(figure)) });
  return {
    bench: 'signup',
    setting: { rounds, checksARound, identifiers, multiplications },
    rows: [
      rowOf('check', 'a check'),
      rowOf('byAgent', 'a check, through the agent'),
      rowOf('multiplied', `${multiplications} multiplications`),
      rowOf('posted', 'a request for nothing'),
      rowOf('committed', 'a row, committed'),
      ...partsOf(measured).map(([what, ms]) => ({ what, 'p50 ms': round(ms) })),
    ],
    bars: [
      atMost('p50 of a check, against the sum', median(ratios('check')), 1.6),
      atMost('p50 through the agent, against the sum', median(ratios('byAgent')), 1.9),
      atLeast('checks of one request', single, 0.95),
    ],
    notes: [
      'A check: blinded, signed, posted, evaluated, audited, receipted, verified, unblinded, looked up; the set is held.',
      'Parts: client, worker, signatures and JSON each alone in a loop; HTTP is the exchange without what the server took;',
      'round trips to PostgreSQL and the time of the server are seen on its sockets, in the checks themselves.',
      'An agent that remembers a check asks nobody: all that is left is its HTTP.',
      'The set of a sandbox is small: with a full one, about one check of three identifiers in thirty asks, too.',
    ],
  };
}
