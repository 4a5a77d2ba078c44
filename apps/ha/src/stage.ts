import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Cluster } from './cluster.ts';
import type { Fault, Scene } from './faults.ts';
import { Judge, type Judgement } from './judge.ts';
import { until } from './programs.ts';
import { isReady, Registry } from './registry.ts';
import { longestSilence, Traffic } from './traffic.ts';

export interface Played extends Judgement {
  readonly fault: string;
  /** Nothing lost, nothing twice, no fork; where commits wait for no standby: no fork, and a log that stopped or lost nothing */
  readonly isHeld: boolean;
  /** The longest time without an answer, in seconds */
  readonly silence: number;
  /** Servers that stopped signing, since the database has lost what was signed */
  readonly recovering: number;
}

interface OpenScene extends Scene {
  readonly judge: Judge;
  readonly synchronous: boolean;
}

/** Opens a cluster and a registry where a fault needs one, and keeps them for the next. */
export class Stage {
  readonly #dir: string;
  readonly #options: { readonly servers: number; readonly perSecond: number };
  #scenes = 0;
  #open: OpenScene | undefined;

  constructor(dir: string, options: { servers: number; perSecond: number }) {
    this.#dir = dir;
    this.#options = options;
  }

  get perSecond(): number {
    return this.#options.perSecond;
  }

  async scene(synchronous: boolean): Promise<OpenScene> {
    // What an asynchronous failover leaves is not whole any more.
    if (this.#open?.synchronous === true && synchronous) return this.#open;
    await this.close();
    const dir = join(this.#dir, `scene${++this.#scenes}`);
    mkdirSync(dir, { mode: 0o711 });
    const cluster = await Cluster.start(dir, { synchronous });
    try {
      const registry = await Registry.start(dir, { cluster, count: this.#options.servers });
      await registry.liftBounds();
      const judge = new Judge(registry, cluster.adminUrl);
      this.#open = { cluster, registry, judge, synchronous };
      return this.#open;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.registry.stop();
    await open?.cluster.stop();
  }
}

/** Ten seconds of calls, the fault, and calls until all is whole again; then what became of them. */
export async function playFault(stage: Stage, fault: Fault): Promise<Played> {
  const scene = await stage.scene(fault.synchronous);
  const { registry, judge, cluster } = scene;
  const traffic = await Traffic.start(registry, { perSecond: stage.perSecond });
  const reader = follow(judge);
  await delay(10_000);
  await fault.run(scene);
  if (fault.synchronous) {
    await until('the cluster is whole', () => cluster.isWhole(), 180);
    await until('every server is ready', () => registry.areReady(), 120);
  } else await delay(20_000);
  await delay(5_000);
  const calls = await traffic.stop();
  const seen = await reader();
  const judged = await judge.judge(calls, { settles: fault.synchronous });
  const recovering = await unready(registry);
  const forks = [...new Set([...seen, ...judged.forks])].filter(
    (code) => fault.synchronous || code !== 'rolled-back',
  );
  const isWhole =
    judged.lost === 0 && judged.twice === 0 && Object.keys(judged.refused).length === 0;
  const hasStopped = recovering === registry.servers.length;
  return {
    fault: fault.name,
    ...judged,
    forks,
    isHeld: forks.length === 0 && (isWhole || (!fault.synchronous && hasStopped)),
    silence: Math.round(longestSilence(calls) * 10) / 10,
    recovering,
  };
}

async function unready({ servers }: Registry): Promise<number> {
  const ready = await Promise.all(servers.map((server) => isReady(server).catch(() => false)));
  return ready.filter((one) => !one).length;
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
      await delay(1_500);
    }
  })();
  return async () => {
    ending.abort();
    await reading;
    return found;
  };
}
