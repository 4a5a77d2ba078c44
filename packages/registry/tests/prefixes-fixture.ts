import { PrefixSet } from '@recourse/blind/prefixes';
import {
  fromBase64url,
  generateKey,
  openPrefixSet,
  signerFromJwk,
  toBase64url,
  type OpOutput,
  type PrefixSetHeader,
  type Signer,
} from '@recourse/protocol';
import { PrefixPublisher, readSnapshot, type Db, type Difference } from '@recourse/registry';
import type { TestRegistry } from '@recourse/testkit';
import { randomBytes } from 'node:crypto';
import { KnownSets } from '../src/lookup/prefixes/known-sets.ts';
import { allCases } from '../src/readers/entries/scope.ts';
import { comparePrefixes } from '../src/readers/entries/prefixes.ts';
import { resultOf } from './checks-fixture.ts';

export const setSigner = await signerFromJwk(await generateKey());

/** A server that publishes, with a memory of its own. */
export function publisherOf(
  registry: TestRegistry,
  options: { db?: Db; sets?: KnownSets; signer?: Signer; atOnce?: number } = {},
): PrefixPublisher {
  return new PrefixPublisher({
    services: {
      ...registry.services,
      db: options.db ?? registry.db,
      sets: options.sets ?? new KnownSets(),
    },
    signer: options.signer ?? setSigner,
    onUnreadable: (error) => {
      throw error;
    },
    atOnce: options.atOnce,
  });
}

/** Lets the time pass that lies between two versions, and publishes. @returns how many versions */
export async function publish(registry: TestRegistry, publisher: PrefixPublisher): Promise<number> {
  registry.advance(10);
  let versions = 0;
  for (;;) {
    const step = await publisher.step();
    versions += step.versions;
    if (!step.more) return versions;
  }
}

/** A member's copy, kept as the rules of the protocol say. */
export class Copy {
  readonly #registry: TestRegistry;
  readonly #epoch: number;
  header: PrefixSetHeader | undefined;
  set: PrefixSet | undefined;
  /** Snapshots and deltas that were loaded */
  readonly loaded = { full: 0, partial: 0, none: 0 };

  constructor(registry: TestRegistry, epoch = 1) {
    this.#registry = registry;
    this.#epoch = epoch;
  }

  /** Asks until there is nothing to wait for. Every set that comes out has the checksum of its header. */
  async sync(): Promise<this> {
    for (;;) {
      const answer = await this.ask(this.header?.version);
      await this.#take(answer);
      if (answer.minWaitSeconds > 0) return this;
    }
  }

  async ask(version: number | undefined): Promise<OpOutput<'prefixes.sync'>> {
    const { service } = this.#registry.parties.tubely;
    return resultOf(
      await this.#registry.call(service, 'prefixes.sync', {
        list: 'all',
        epoch: this.#epoch,
        ...(version === undefined ? {} : { version }),
      }),
    ) as OpOutput<'prefixes.sync'>;
  }

  has(token: string): boolean {
    return this.set!.has(fromBase64url(token));
  }

  async #take(answer: OpOutput<'prefixes.sync'>): Promise<void> {
    const { payload } = await openPrefixSet(answer.set, { jwk: setSigner.publicJwk });
    this.set = await this.#after(answer);
    this.header = payload;
    const checksum = toBase64url(await this.set.checksum());
    if (checksum !== payload.sha256) throw new Error(`version ${payload.version} is another set`);
  }

  async #after(answer: OpOutput<'prefixes.sync'>): Promise<PrefixSet> {
    if (!answer.partial) {
      this.loaded.full++;
      const bytes = await readSnapshot(this.#registry.db, fromBase64url(answer.snapshot.sha256));
      return PrefixSet.decode(bytes!);
    }
    const { removals, additions } = answer;
    if (removals === undefined || additions === undefined) {
      this.loaded.none++;
      return this.set!;
    }
    this.loaded.partial++;
    return this.set!.apply({
      removals: fromBase64url(removals),
      additions: fromBase64url(additions),
    });
  }
}

/** Random tokens that share their first 32 bits, or none. */
export const tokenWith = (head: Buffer = randomBytes(4)): string =>
  toBase64url(Buffer.concat([head, randomBytes(28)]));

/** What the doctor finds of the sets, in one snapshot. */
export const doctorOf = ({ db, services }: TestRegistry): Promise<Difference[]> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const found: Difference[] = [];
      const all = { vault: services.vault, cases: allCases, isWhole: true };
      for await (const difference of comparePrefixes(trx, all)) found.push(difference);
      return found;
    });
