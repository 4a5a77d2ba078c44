import type { PartyId } from '@recourse/protocol';
import { connect, GroupCommit, type Db } from '@recourse/registry';
import { committing, evaluationOf } from './made-up-reads.ts';

/** Evaluations of these platforms, in groups, by servers of one connection each. */
export interface FleetJob {
  readonly databaseUrl: string;
  readonly platforms: readonly { readonly party: PartyId; readonly kid: string }[];
  readonly servers: number;
  /** Reads of a group */
  readonly reads: number;
  readonly seconds: number;
  /** Leaves out that servers take units of buckets before they spend them */
  readonly isUnleased: boolean;
}

/** Milliseconds of each group. */
export type FleetResult = readonly number[];

/** What a server of one connection does for its reads behind their evaluation: no HTTP, and no look at their signatures. */
class FleetServer {
  readonly #db: Db;
  readonly #group: GroupCommit;
  readonly #job: FleetJob;

  constructor(job: FleetJob) {
    this.#job = job;
    this.#db = connect({ url: job.databaseUrl, role: 'recourse_service', connections: 1 });
    const services = committing(this.#db);
    this.#group = new GroupCommit(services, job.isUnleased ? { leaseMs: 0 } : {});
  }

  #anyPlatform(): FleetJob['platforms'][number] {
    const { platforms } = this.#job;
    return platforms[Math.floor(Math.random() * platforms.length)]!;
  }

  async run(seconds: number): Promise<number[]> {
    const milliseconds: number[] = [];
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      const begun = performance.now();
      const reads = Array.from({ length: this.#job.reads }, () =>
        evaluationOf(this.#anyPlatform()),
      );
      for (const committed of await Promise.all(reads.map((one) => this.#group.submit(one)))) {
        if (!('answer' in committed)) throw new Error('a read fell out of its group');
      }
      milliseconds.push(performance.now() - begun);
    }
    return milliseconds;
  }
}

let servers: readonly FleetServer[] | undefined;

/** A process of its own for some servers, until it is killed. It answers each job by message, with the servers of the first. */
process.on('message', (job: FleetJob) => {
  servers ??= Array.from({ length: job.servers }, () => new FleetServer(job));
  void Promise.all(servers.map((server) => server.run(job.seconds))).then((each) =>
    process.send?.(each.flat() satisfies FleetResult),
  );
});
