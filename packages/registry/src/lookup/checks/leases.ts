import type { Services } from '../../context/context.ts';
import type { Db } from '../../kernel/database.ts';
import { retrying } from '../../kernel/retry.ts';
import { chargeQuery, chargeResultOf, lockBuckets, putBack, type Charges } from './meter-store.ts';
import { watch, type Need } from './metering.ts';
import { keptOf, sliceOf, unitsLeft, type Bucket } from './quota.rules.ts';

/** What this server has taken out of a bucket and not spent yet. */
interface Slice {
  kept: number;
  open: number;
  /** Spent since the last turn, and between the two before */
  spent: Units;
  before: Units;
}

type Units = Pick<Need, 'kept' | 'open'>;

const none: Units = { kept: 0, open: 0 };
const plus = (a: Units, b: Units): Units => ({ kept: a.kept + b.kept, open: a.open + b.open });
const sum = ({ kept, open }: Units): number => kept + open;

type Charging = Pick<Charges, 'share' | 'now'>;

/**
 * Units that a server spends without a look at the bucket. Otherwise each evaluation of a platform writes one row and keeps
 * it through its commit, and a second server adds nothing. They are taken out of the bucket before they are spent, so no
 * number of servers spends more than it holds. What is unused for some seconds goes back; a server that dies loses its slice.
 */
export class Leases {
  readonly #services: Pick<Services, 'db' | 'random'>;
  readonly #turnMs: number;
  readonly #slices = new Map<string, Slice>();
  #share: number | null = null;
  #turn: NodeJS.Timeout | undefined;

  /** @param turnMs what nobody spends for so long goes back */
  constructor(services: Pick<Services, 'db' | 'random'>, turnMs: number) {
    this.#services = services;
    this.#turnMs = turnMs;
  }

  /** @returns what was taken for, whole or not at all: the rest is charged with the group */
  async take(needs: readonly Need[], charging: Charging): Promise<Need[]> {
    this.#share = charging.share;
    const lacking = needs.filter((need) => this.#isBusy(need) && !this.#covers(need));
    if (lacking.length > 0) await this.#lease(lacking, charging);
    const taken = needs.filter((need) => this.#covers(need));
    for (const { party, kept, open } of taken) {
      const slice = this.#of(party);
      [slice.kept, slice.open] = [slice.kept - kept, slice.open - open];
    }
    for (const need of needs) this.#of(need.party).spent = plus(this.#of(need.party).spent, need);
    if (needs.length > 0) this.#turn ??= this.#nextTurn();
    return taken;
  }

  /** After a group that committed nothing. */
  giveBack(taken: readonly Need[]): void {
    for (const { party, kept, open } of taken) {
      const slice = this.#of(party);
      [slice.kept, slice.open] = [slice.kept + kept, slice.open + open];
    }
  }

  /** Puts everything back: a server that stops owes its platforms what it did not use. */
  async close(): Promise<void> {
    clearTimeout(this.#turn);
    this.#turn = undefined;
    await this.#putBack(() => none);
    this.#slices.clear();
  }

  #of(party: string): Slice {
    const slice = this.#slices.get(party) ?? { ...none, spent: none, before: none };
    this.#slices.set(party, slice);
    return slice;
  }

  #covers({ party, kept, open }: Need): boolean {
    const slice = this.#slices.get(party);
    return slice !== undefined && slice.kept >= kept && slice.open >= open;
  }

  /** One that asks alone is charged with its group, in one transaction instead of two. */
  #isBusy({ party }: Need): boolean {
    const slice = this.#slices.get(party);
    return slice !== undefined && sum(slice.spent) + sum(slice.before) > 0;
  }

  async #lease(needs: readonly Need[], { share, now }: Charging): Promise<void> {
    const { db, random } = this.#services;
    const leased = await retrying(() =>
      db.transaction().execute(async (trx) => {
        const slices = await this.#slicesFor(trx, needs, now);
        if (slices.length === 0) return slices;
        const units = slices.map((slice) => ({ party: slice.party, units: sum(slice) }));
        const { rows } = await trx.executeQuery(chargeQuery(trx, { units, asked: [], share, now }));
        await watch(trx, chargeResultOf(rows).meters, { share, now, random });
        return slices;
      }),
    );
    this.giveBack(leased);
  }

  async #slicesFor(db: Db, needs: readonly Need[], now: Date): Promise<Need[]> {
    const buckets = await lockBuckets(
      db,
      needs.map(({ party }) => party),
    );
    return buckets.flatMap((bucket) => {
      const need = needs.find(({ party }) => party === bucket.party);
      return need ? (this.#sliceOf(need, bucket, now) ?? []) : [];
    });
  }

  #sliceOf({ party, kept, open }: Need, bucket: Bucket, now: Date): Need | undefined {
    const slice = this.#of(party);
    const recent = plus(slice.spent, slice.before);
    const needed = { kept: Math.max(0, kept - slice.kept), open: Math.max(0, open - slice.open) };
    const left = unitsLeft(bucket, now);
    const ofKept = sliceOf({ left, leaves: 0 }, { needed: needed.kept, recent: recent.kept });
    const rest = { left: left - ofKept, leaves: keptOf(bucket.size) };
    const ofOpen = sliceOf(rest, { needed: needed.open, recent: recent.open });
    const isEnough = ofKept >= needed.kept && ofOpen >= needed.open;
    return isEnough ? { party, kept: ofKept, open: ofOpen } : undefined;
  }

  /** As much stays as was spent since the last turn. */
  async #turnOver(): Promise<void> {
    for (const slice of this.#slices.values()) [slice.before, slice.spent] = [slice.spent, none];
    await this.#putBack(({ before }) => before);
    for (const [party, slice] of this.#slices)
      if (sum(slice) + sum(slice.before) + sum(slice.spent) === 0) this.#slices.delete(party);
    this.#turn = this.#slices.size > 0 ? this.#nextTurn() : undefined;
  }

  #nextTurn(): NodeJS.Timeout {
    return setTimeout(() => void this.#turnOver(), this.#turnMs).unref();
  }

  async #putBack(keeps: (slice: Slice) => Units): Promise<void> {
    const units = [...this.#slices].flatMap(([party, slice]) => {
      const stays = keeps(slice);
      const kept = Math.min(slice.kept, stays.kept);
      const open = Math.min(slice.open, stays.open);
      const back = sum(slice) - kept - open;
      [slice.kept, slice.open] = [kept, open];
      return back > 0 ? [{ party, units: back }] : [];
    });
    if (units.length === 0) return;
    // Units that cannot be put back now come back within a day, as if they had been spent.
    await putBack(this.#services.db, { units, share: this.#share }).catch(() => undefined);
  }
}
