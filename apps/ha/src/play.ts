import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, Found } from './fault.ts';
import type { Judge, Judgement } from './judge.ts';
import type { OpenScene } from './stage.ts';
import { countWords, longestSilence, Traffic, type Pace, type SentCall } from './traffic.ts';
import { Watch, type Seen } from './watch.ts';

export interface Played extends Judgement, Seen {
  readonly fault: string;
  /** Nothing lost, nothing twice, no fork, nobody refused, and nothing against the documents */
  readonly isHeld: boolean;
  /** What is not as it should be, a sentence each */
  readonly faults: readonly string[];
  /** Answered calls a second */
  readonly rate: number;
  /** Attempts that got no answer of success, by problem: these calls were sent again */
  readonly attempts: Readonly<Record<string, number>>;
  /** The longest time without an answer, in seconds */
  readonly silence: number;
}

/** Seconds: what takes long on a machine that others use, too, is not yet lost. */
const patience = 300;

/** Eight seconds of calls, the fault, and calls until all is whole again; then what became of them. */
export async function playFault(scene: OpenScene, fault: Fault, pace: Pace): Promise<Played> {
  const { registry, judge, cluster, alerts } = scene;
  await judge.begin();
  const traffic = await Traffic.start(registry, fault.pace ?? pace);
  const calm = new Date();
  const reader = follow(judge);
  let watch: Watch | undefined;
  try {
    await delay(8_000);
    watch = new Watch(registry, { alerts, calm });
    const found = (await fault.run({ ...scene, traffic })) ?? {};
    await cluster.untilWhole();
    await registry.untilReady(patience);
    await delay(4_000);
    const seconds = traffic.elapsed / 1000;
    const calls = await traffic.stop();
    const seen = await watch.end();
    const contradictions = await reader();
    const judged = await judge.judge(calls, found.taken);
    // Until an old copy is recovered it is shorter than what was read, and says so.
    const during = contradictions.filter((code) => !found.taken || code !== 'rolled-back');
    const forks = [...new Set([...during, ...judged.forks])];
    const faults = faultsOf(fault, { found, calls, judged: { ...judged, forks }, traffic });
    return {
      fault: fault.name,
      isHeld: faults.length === 0,
      faults,
      ...judged,
      forks,
      rate: Math.round(judged.answered / seconds),
      attempts: countWords(calls.flatMap(({ failed }) => failed)),
      silence: Math.round(longestSilence(calls) * 10) / 10,
      ...seen,
    };
  } catch (error) {
    // Or its calls would disturb the next. The last of them give up within two minutes, and nobody waits for them.
    void Promise.allSettled([traffic.stop(), reader(), watch?.end()]);
    throw error;
  }
}

/** What could not be played to its end is not held. */
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
  alerts: [],
  reasons: [],
  lines: {},
});

interface PlayedFacts {
  readonly found: Found;
  readonly calls: readonly SentCall[];
  readonly judged: Judgement;
  readonly traffic: Traffic;
}

function faultsOf(fault: Fault, { found, calls, judged, traffic }: PlayedFacts): string[] {
  const { lost, taken, twice, forks, refused } = judged;
  const again = calls.filter(({ failed }) => failed.length > 0).length;
  const said: [boolean, string][] = [
    [lost > 0, `${lost} answered calls are lost, of second ${judged.lostAt.join(', ')}`],
    [twice > 0, `${twice} records or entries are there twice`],
    [forks.length > 0, `the log contradicts itself: ${forks.join(', ')}`],
    [!fault.mayRefuse && Object.keys(refused).length > 0, `refused: ${JSON.stringify(refused)}`],
    [fault.isPlanned === true && again > 0, `${again} calls were not answered at once`],
    [
      found.taken !== undefined && taken === 0,
      'the fault took no answered call: it showed nothing',
    ],
    [traffic.abrupt.size > 0, 'a refusal while recovering did not say when to come again'],
  ];
  return [...said.flatMap(([isSo, text]) => (isSo ? [text] : [])), ...(found.faults ?? [])];
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
