import { randomBytes } from 'node:crypto';
import { generateKey, newId, toNumericDate, type PartyId } from '@recourse/protocol';
import {
  connect,
  GroupCommit,
  LedgerGuard,
  nodeSigner,
  type Committing,
  type Db,
  type PendingRead,
} from '@recourse/registry';

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

const origin = 'https://fleet.example';
const elements = 3;
const signer = nodeSigner(await generateKey());
const published = { falseHitShare: () => Promise.resolve(0.01), holds: () => true };

/** What a server of one connection does for its reads behind their evaluation: no HTTP, and no look at their signatures. */
class FleetServer {
  readonly #db: Db;
  readonly #group: GroupCommit;
  readonly #job: FleetJob;

  constructor(job: FleetJob) {
    this.#job = job;
    this.#db = connect({ url: job.databaseUrl, role: 'recourse_service', connections: 1 });
    const services: Committing = {
      db: this.#db,
      clock: () => new Date(),
      origin,
      random: (size) => randomBytes(size),
      receiptSigner: signer,
      ledger: new LedgerGuard(),
      published,
    };
    this.#group = new GroupCommit(services, job.isUnleased ? { leaseMs: 0 } : {});
  }

  async run(seconds: number): Promise<number[]> {
    const milliseconds: number[] = [];
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      const begun = performance.now();
      const reads = Array.from({ length: this.#job.reads }, () => this.#read());
      for (const committed of await Promise.all(reads.map((one) => this.#group.submit(one)))) {
        if (!('answer' in committed)) throw new Error('a read fell out of its group');
      }
      milliseconds.push(performance.now() - begun);
    }
    return milliseconds;
  }

  #read(): PendingRead {
    const { platforms } = this.#job;
    const { party, kid } = platforms[Math.floor(Math.random() * platforms.length)]!;
    const now = new Date();
    const iat = toNumericDate(now);
    const op = 'checks.evaluate';
    const payload = {
      iss: party,
      op,
      iat,
      exp: iat + 120,
      jti: randomBytes(18).toString('base64url'),
      in: {},
    };
    const hash = randomBytes(32).toString('base64url');
    const id = newId('chk', { now, random: (size) => randomBytes(size) });
    const rest = {
      purpose: 'monetisation',
      elements,
      epochs: 1,
      provenAt: null,
      ref: null,
    } as const;
    return {
      call: { key: { kid }, payload, compact: '', hash },
      answer: { status: 200, contentType: 'application/json', body: hash },
      changes: [],
      effects: { check: { id, party, ...rest }, shown: [], matches: [], reviewed: [], checked: [] },
    };
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
