import { Problem } from '@recourse/protocol';
import type { CompiledQuery } from 'kysely';
import type { AuditedCall } from '../commit/audit-row.ts';
import {
  disclosureQuery,
  effectQueries,
  lockShown,
  notFirst,
} from '../lookup/checks/group-store.ts';
import {
  chargeQuery,
  chargeResultOf,
  type Charges,
  type Meter,
} from '../lookup/checks/meter-store.ts';
import { Leases } from '../lookup/checks/leases.ts';
import { askedBeyond, costsOf, overdrawn, watch, type Need } from '../lookup/checks/metering.ts';
import { usedUpOf } from '../lookup/checks/used-up.ts';
import type { ReadEffects } from '../commit/effects.ts';
import type { Services } from '../context/context.ts';
import type { Db } from '../kernel/database.ts';
import { problemOf, type Answer } from '../commit/answer.ts';
import { Groups } from '../kernel/groups.ts';
import { retrying } from '../kernel/retry.ts';
import {
  fallOut,
  FalloutError,
  receiptsOf,
  seal,
  writeSealed,
  type Fallout,
  type Sealable,
  type SealedCommit,
} from '../commit/seal.ts';

/** A read that has its answer and waits for its audit row. */
export interface PendingRead extends Sealable {
  readonly effects: ReadEffects;
}

export type CommitResult = { answer: Answer } | { fallout: Fallout };

interface PendingCommit {
  readonly read: PendingRead;
  readonly resolve: (committed: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

/** What a group is committed with. */
export type Committing = Pick<
  Services,
  'db' | 'clock' | 'origin' | 'random' | 'receiptSigner' | 'ledger' | 'published'
>;

interface GroupCommitOptions {
  /** Told how many reads a group has */
  readonly onGroup?: (reads: number) => void;
  readonly leaseMs?: number;
}

/**
 * Commits reads in groups: a crowd shares one commit and one signature. A crash before the commit leaves no row and no
 * answer; after it, rows whose answers were lost, which the caller repeats.
 */
export class GroupCommit {
  static readonly largest = 256;
  /** Reads that may wait: more than this means that commits are stuck, and memory would fill. */
  static readonly longestQueue = 4_096;
  readonly #services: Committing;
  readonly #groups: Groups<PendingCommit>;
  readonly #leases: Leases | undefined;

  constructor(services: Committing, { onGroup = () => {}, leaseMs = 10_000 }: GroupCommitOptions) {
    this.#services = services;
    this.#leases = leaseMs > 0 ? new Leases(services, leaseMs) : undefined;
    this.#groups = new Groups(GroupCommit.largest, async (waiting) => {
      const group = withoutTwins(waiting);
      onGroup(group.length);
      await this.#commit(group);
    });
  }

  /** @throws Problem `overloaded` or `audit-unavailable`, or the fault of the store */
  submit(read: PendingRead): Promise<CommitResult> {
    if (this.#groups.waiting >= GroupCommit.longestQueue) {
      return Promise.reject(new Problem('overloaded', { retryAfterSeconds: 1 }));
    }
    return new Promise((resolve, reject) => this.#groups.add({ read, resolve, reject }));
  }

  /** Puts back what this server has taken of buckets and not spent. */
  close(): Promise<void> {
    return this.#leases?.close() ?? Promise.resolve();
  }

  async #commit(group: readonly PendingCommit[]): Promise<void> {
    let rest = group;
    while (rest.length > 0) {
      try {
        const answers = await this.#write(rest.map(({ read }) => read));
        rest.forEach(({ resolve }, i) => resolve({ answer: answers[i]! }));
        return;
      } catch (error) {
        if (!(error instanceof FalloutError)) return this.#fail(rest, error);
        rest = release(rest, error.calls);
      }
    }
  }

  /** A row that the database refuses fails its own call: the halves go on until it is alone. */
  async #fail(group: readonly PendingCommit[], error: unknown): Promise<void> {
    if (group.length === 1 || problemOf(error).code !== 'internal') {
      for (const { reject } of group) reject(error);
      return;
    }
    const middle = group.length >> 1;
    await this.#commit(group.slice(0, middle));
    await this.#commit(group.slice(middle));
  }

  async #write(reads: readonly PendingRead[]): Promise<Answer[]> {
    const services = this.#services;
    refuse(reads, askedBeyond(reads.map(({ effects }) => effects)));
    const costs = await this.#costs(reads);
    const leased = (costs && (await this.#leases?.take(costs.needs, costs))) ?? [];
    let sealed: SealedCommit;
    try {
      sealed = await this.#seal(reads, costs && chargesOf(costs, leased));
    } catch (error) {
      this.#leases?.giveBack(leased);
      throw error;
    }
    const receipts = await receiptsOf(sealed, services);
    return reads.map(({ answer }, i) => ({ ...answer, receipt: receipts[i]! }));
  }

  #seal(reads: readonly PendingRead[], charges: Charges | undefined): Promise<SealedCommit> {
    const services = this.#services;
    return retrying(() =>
      services.db.transaction().execute(async (trx) => {
        await shareShown(trx, reads);
        const group = seal(reads, services);
        await this.#writeGroup(trx, reads, { group, charges });
        return group;
      }),
    );
  }

  /** All in one round trip, and judged behind it: what may not be committed is rolled back with its audit rows. */
  async #writeGroup(
    trx: Db,
    reads: readonly PendingRead[],
    { group, charges }: { group: SealedCommit; charges: Charges | undefined },
  ): Promise<void> {
    const services = this.#services;
    const effects = reads.map((read) => read.effects);
    const checks = effects.flatMap(({ check }) => check ?? []);
    const told = disclosureQuery(trx, effects);
    const charge = charges && chargeQuery(trx, charges);
    const others = effectQueries(trx, effects);
    const along = [told, charge, ...others].filter((query) => query !== undefined);
    const rows = await writeSealed(trx, reads, { ...group, reads: { checks }, along });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the rows of this query
    const rowsOf = <R>(query: CompiledQuery<R> | undefined) =>
      (query ? rows[along.indexOf(query)] : []) as R[];
    answerAnew(reads, notFirst(effects, rowsOf(told)));
    const { meters, beyond } = chargeResultOf(rowsOf(charge));
    askAnew(reads, beyond);
    refuseOverdrawn(reads, meters.filter(isCharged(charges)), services);
    if (charges) await watch(trx, meters, { ...charges, random: services.random });
  }

  async #costs(reads: readonly PendingRead[]): Promise<Costs | undefined> {
    const { clock, db, published } = this.#services;
    const costs = costsOf(reads.map(({ effects }) => effects));
    return costs && { ...costs, share: await published.falseHitShare(db), now: clock() };
  }
}

type Costs = Omit<Charges, 'units'> & { readonly needs: readonly Need[] };

/** What is charged with the group: all that was not leased; undefined where that is nothing. */
function chargesOf({ needs, ...costs }: Costs, leased: readonly Need[]): Charges | undefined {
  const units = needs
    .filter((need) => !leased.includes(need))
    .map(({ party, kept, open }) => ({ party, units: kept + open }));
  return units.length + costs.asked.length > 0 ? { ...costs, units } : undefined;
}

/** A platform whose units were leased is in no meter for its elements, though it may be for what it asked. */
const isCharged =
  (charges: Charges | undefined) =>
  ({ party }: Meter): boolean =>
    charges?.units.some((one) => one.party === party) ?? false;

/** Refuses what the bucket of a platform has no units for, and charges nothing for it; the rest goes again. */
function refuseOverdrawn(
  reads: readonly PendingRead[],
  meters: readonly Meter[],
  services: Committing,
): void {
  const refused = overdrawn(
    reads.map(({ effects }) => effects),
    meters,
    { usedUp: usedUpOf(services), now: services.clock() },
  );
  refuse(reads, refused);
}

function refuse(reads: readonly PendingRead[], refused: ReadonlyMap<number, Problem>): void {
  if (refused.size === 0) return;
  throw new FalloutError(
    new Map([...refused].map(([place, problem]) => [reads[place]!.call, problem])),
  );
}

/** Other questions under their check committed since these were read: what may still be asked is read again. */
function askAnew(reads: readonly PendingRead[], beyond: ReadonlySet<string>): void {
  fallOut(
    reads.filter(({ effects }) => effects.asked && beyond.has(effects.asked.check)),
    'check-changed',
  );
}

/**
 * Takes the sanctions that the reads show FOR SHARE. A reversal locks FOR UPDATE and then reads the
 * disclosures: it sees ours, or we see its new version and answer anew.
 */
async function shareShown(trx: Db, reads: readonly PendingRead[]): Promise<void> {
  const shown = reads.flatMap(({ effects }) => effects.shown);
  if (shown.length === 0) return;
  const versions = await lockShown(
    trx,
    shown.map(({ sanction }) => sanction),
  );
  fallOut(
    reads.filter(({ effects }) =>
      effects.shown.some(({ sanction, version }) => versions.get(sanction) !== version),
    ),
    'sanction-changed',
  );
}

/** Another read was the first to tell of what these show. */
const answerAnew = (reads: readonly PendingRead[], places: ReadonlySet<number>): void =>
  fallOut(
    [...places].map((place) => reads[place]!),
    'sanction-changed',
  );

/** Copies of one call that arrive together would insert one row: only the first stays in the group. */
function withoutTwins(group: readonly PendingCommit[]): PendingCommit[] {
  const seen = new Set<string>();
  return group.filter(({ read, resolve }) => {
    const key = `${read.call.key.kid} ${read.call.payload.jti}`;
    if (seen.has(key)) resolve({ fallout: 'replayed' });
    else return seen.add(key);
    return false;
  });
}

function release(
  group: readonly PendingCommit[],
  calls: ReadonlyMap<AuditedCall, Fallout>,
): PendingCommit[] {
  return group.filter(({ read, resolve }) => {
    const fallout = calls.get(read.call);
    if (fallout) resolve({ fallout });
    return fallout === undefined;
  });
}
