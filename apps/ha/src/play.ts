import { setTimeout as delay } from 'node:timers/promises';
import type { Alerts } from './alerts.ts';
import type { Fault, Found } from './fault.ts';
import type { Judge, Judgement } from './judge.ts';
import type { OpenScene } from './stage.ts';
import { Stories } from './stories.ts';
import {
  countWords,
  silencesOf,
  Traffic,
  type Pace,
  type SentCall,
  type Silence,
} from './traffic.ts';
import { Watch, type Seen } from './watch.ts';

export interface Played extends Judgement, Seen {
  readonly fault: string;
  /** Nothing lost, nothing twice, no fork, nobody refused, and nothing against the documents */
  readonly isHeld: boolean;
  /** Faults that were found, a sentence each */
  readonly faults: readonly string[];
  /** Answered calls a second */
  readonly rate: number;
  /** Attempts that got no answer, by operation and problem: these calls were sent again */
  readonly attempts: Readonly<Record<string, number>>;
  /** Acts of the stories, and how often */
  readonly acts: Readonly<Record<string, number>>;
  /** The longest time without an answer, in seconds */
  readonly silence: number;
  /** Each time without an answer that a page is owed for, and the alerts that fired meanwhile or just after it */
  readonly outages: readonly Outage[];
}

export interface Outage {
  readonly seconds: number;
  /** None where no Prometheus watches */
  readonly alerts: readonly string[];
}

/** Somebody is told of an outage that lasts longer. */
const outageMs = 15_000;

/** Seconds: what takes long on a machine that others use, too, is not yet lost. */
const patience = 300;

/** Eight seconds of calls, the fault, and calls until all is whole again; then what became of them. */
export async function playFault(scene: OpenScene, fault: Fault, pace: Pace): Promise<Played> {
  const { registry, judge, cluster, alerts } = scene;
  await judge.begin();
  const traffic = await Traffic.start(registry, fault.pace ?? pace);
  const calm = new Date();
  const reader = follow(judge);
  // What a fault takes, or refuses, breaks off a story.
  const stories = fault.mayRefuse
    ? undefined
    : await Stories.start(registry, () => traffic.elapsed);
  let watch: Watch | undefined;
  try {
    await delay((fault.calmSeconds ?? 8) * 1000);
    watch = new Watch(registry, { alerts, calm });
    const found = (await fault.run({ ...scene, traffic })) ?? {};
    await cluster.untilWhole();
    await registry.untilReady(patience);
    await delay(4_000);
    const seconds = traffic.elapsed / 1000;
    const calls = [...(await traffic.stop()), ...((await stories?.stop()) ?? [])];
    const seen = await watch.end();
    const contradictions = await reader();
    const facts = { found, calls, contradictions, seen, seconds };
    return await conclude(fault, { scene, traffic, stories, facts });
  } catch (error) {
    // Or its calls would disturb the next. The last of them give up within two minutes, and nobody waits for them.
    void Promise.allSettled([traffic.stop(), stories?.stop(), reader(), watch?.end()]);
    throw error;
  }
}

interface Ended {
  readonly scene: OpenScene;
  readonly traffic: Traffic;
  readonly stories: Stories | undefined;
  readonly facts: {
    readonly found: Found;
    readonly calls: readonly SentCall[];
    readonly contradictions: readonly string[];
    readonly seen: Seen;
    readonly seconds: number;
  };
}

/** Judges the calls, once all of them are answered. */
async function conclude(fault: Fault, { scene, traffic, stories, facts }: Ended): Promise<Played> {
  const { judge, alerts } = scene;
  const { found, calls, contradictions, seen, seconds } = facts;
  const { acts = [], troubles = [] } = stories ?? {};
  const judged = await judge.judge({ calls, acts, taken: found.taken });
  const outages = await outagesOf(calls, { traffic, alerts });
  // Until an old copy is recovered it is shorter than what was read, and says so.
  const during = contradictions.filter((code) => !found.taken || code !== 'rolled-back');
  const forks = [...new Set([...during, ...judged.forks])];
  const played = { found, calls, judged: { ...judged, forks }, traffic, troubles };
  const faults = [...faultsOf(fault, played), ...(alerts ? outages.flatMap(unalarmed) : [])];
  return {
    fault: fault.name,
    isHeld: faults.length === 0,
    faults,
    ...judged,
    forks,
    rate: Math.round(judged.answered / seconds),
    attempts: countWords(calls.flatMap(({ op, failed }) => failed.map((code) => `${op}: ${code}`))),
    silence: secondsOf(silencesOf(calls)[0]),
    outages,
    acts: countWords(acts.map(({ kind }) => kind)),
    ...seen,
  };
}

/** Judges a play that could not be played to its end: it does not hold. */
export const brokenOff = ({ name }: Fault, error: unknown): Played => ({
  fault: name,
  isHeld: false,
  faults: [error instanceof Error ? error.message : String(error)],
  answered: 0,
  refused: {},
  lost: 0,
  lostAt: [],
  taken: 0,
  twice: 0,
  forks: [],
  rate: 0,
  attempts: {},
  silence: 0,
  outages: [],
  acts: {},
  alerts: [],
  reasons: [],
  lines: {},
});

interface PlayedFacts {
  readonly found: Found;
  readonly calls: readonly SentCall[];
  readonly judged: Judgement;
  readonly traffic: Traffic;
  readonly troubles: readonly string[];
}

const secondsOf = ({ from, to }: Silence = { from: 0, to: 0 }): number =>
  Math.round((to - from) / 100) / 10;

async function outagesOf(
  calls: readonly SentCall[],
  { traffic, alerts }: { traffic: Traffic; alerts: Alerts | undefined },
): Promise<Outage[]> {
  const outages: Outage[] = [];
  for (const silence of silencesOf(calls).filter(({ from, to }) => to - from > outageMs)) {
    const [from, to] = [traffic.at(silence.from), traffic.at(silence.to)];
    outages.push({
      seconds: secondsOf(silence),
      alerts: (await alerts?.firing({ from, to })) ?? [],
    });
  }
  return outages;
}

const unalarmed = ({ seconds, alerts }: Outage): string[] =>
  alerts.length > 0 ? [] : [`nobody was told of ${seconds} s without an answer`];

function faultsOf(
  fault: Fault,
  { found, calls, judged, traffic, troubles }: PlayedFacts,
): string[] {
  const { lost, taken, twice, forks, refused } = judged;
  const again = calls.filter(({ failed }) => failed.length > 0).length;
  const findings: [boolean, string][] = [
    [lost > 0, `${lost} answered calls are lost: ${judged.lostAt.join(', ')}`],
    [twice > 0, `${twice} rows or entries are there twice`],
    [forks.length > 0, `the log contradicts itself: ${forks.join(', ')}`],
    [!fault.mayRefuse && Object.keys(refused).length > 0, `refused: ${JSON.stringify(refused)}`],
    [fault.isPlanned === true && again > 0, `${again} calls were not answered at once`],
    [
      found.taken !== undefined && taken === 0,
      'the fault took no answered call: it showed nothing',
    ],
    [troubles.length > 0, `stories broke off: ${JSON.stringify(countWords(troubles))}`],
    [traffic.abrupt.size > 0, 'a refusal while recovering did not say when to come again'],
  ];
  return [...findings.flatMap(([isSo, text]) => (isSo ? [text] : [])), ...(found.faults ?? [])];
}

/** Somebody outside who reads the log all the time. @returns ends it, with what contradicted what was read before */
function follow(judge: Judge): () => Promise<string[]> {
  const ending = new AbortController();
  const found: string[] = [];
  const reading = (async () => {
    while (!ending.signal.aborted) {
      // A server that is away, or answers nothing, is no contradiction.
      const codes = await judge.read().catch(() => []);
      found.push(...codes.filter((code) => code === 'forked' || code === 'rolled-back'));
      await delay(3_000);
    }
  })();
  return async () => {
    ending.abort();
    await reading;
    return found;
  };
}
