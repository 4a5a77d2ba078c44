import type { Cluster } from './cluster.ts';
import type { TakenTime } from './compare.ts';
import type { Judge } from './judge.ts';
import type { Operator } from './operator.ts';
import type { Registry } from './registry.ts';
import type { Pace, Traffic } from './traffic.ts';

export interface Scene {
  readonly cluster: Cluster;
  readonly registry: Registry;
  readonly traffic: Traffic;
  readonly judge: Judge;
  readonly operator: Operator;
}

/** Findings of a fault itself, beside what became of the calls. */
export interface Found {
  /** Differences from what the documents say, a sentence each */
  readonly faults?: readonly string[];
  /** When calls were answered whose rows it took */
  readonly taken?: TakenTime;
}

/** A thing that is taken from a registry while calls arrive, and given back. */
export interface Fault {
  readonly name: string;
  readonly says: string;
  /** Without a standby that confirms each commit answered calls can be lost, and the log has to stop */
  readonly asynchronous?: true;
  /** Through PgBouncer */
  readonly pooled?: true;
  /** Every call has to be answered at its first attempt */
  readonly isPlanned?: true;
  /** Calls may be refused in the end, as the documents say */
  readonly mayRefuse?: true;
  /** Begins with servers of the last release, on a registry of its own */
  readonly fromRelease?: true;
  /** Drawn by a seed, which repeats it: it happens once */
  readonly isDrawn?: true;
  readonly pace?: Pace;
  /** Seconds of calls before it: eight unless given */
  readonly calmSeconds?: number;
  /** A sentence where it cannot happen on this machine */
  cannot?(cluster: Cluster): string | undefined;
  run(scene: Scene): Promise<Found | void>;
}
