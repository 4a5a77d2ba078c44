import {
  BlindError,
  mostEntries,
  prefixBits,
  PrefixSet,
  PrefixTally,
  type SetChanges,
} from '@recourse/blind/prefixes';
import { noCaller } from '../../commit/commit-changes.ts';
import { assertReached } from '../../commit/extent-store.ts';
import type { Services } from '../../context/context.ts';
import type { Db } from '../../kernel/database.ts';
import { retrying } from '../../kernel/retry.ts';
import { mostPrefixBits } from '../../schema/figures.ts';
import { soundly } from './changes.ts';
import { unmasked, type CountedToken } from './fold.ts';
import { listedAfter, listedIn, takeTurn } from './fold-store.ts';
import {
  addCounts,
  countedUpTo,
  countListed,
  deleteGeneration,
  dropSome,
  findBuilding,
  freeGeneration,
  generations,
  hasMore,
  insertBuilding,
  mayBuild,
  prefixesIn,
  replaceCounts,
  retire,
  setBuilding,
  type Building,
} from './generation-store.ts';
import { leadOnBy, type StoredSet } from './version-store.ts';

/** A set that is about to be the next version. */
export interface NextSet {
  readonly set: PrefixSet;
  readonly tokens: number;
  /** The counts that it is led on by */
  readonly generation: number;
  /** Undefined where it was made anew */
  readonly changes: SetChanges | undefined;
}

/** Counts that are made, after what was folded, and what that changed in them. */
export interface Followed {
  readonly building: Building;
  readonly before: number;
  readonly changes: SetChanges;
}

interface Prepared {
  readonly generation: number;
  readonly revision: number;
  readonly set: PrefixSet | undefined;
}

/** Tokens that are counted in one transaction. */
const tokensAtOnce = 8_192;

/**
 * Makes sets anew: of another width, after a recovery, or where what is stored does not fit.
 *
 * A small set is made in the transaction that publishes it. The counts of a large one are made beside those that are
 * published, in a generation of their own: a step counts the tokens of the next records and notes how far it came. What is
 * folded meanwhile goes to both, but not to places that were not counted yet. So the new counts are those of all up to
 * that place at every commit, whoever dies. Whoever publishes takes the turn, so nothing is counted at the same time. Then
 * the set goes over to the new counts together with its next version, and the old ones are deleted some at a time.
 *
 * The parts are records, not prefixes: the database holds prefixes under a mask, and cannot choose by them.
 */
export class Rebuilds {
  readonly #services: Pick<Services, 'db' | 'vault' | 'tokens' | 'ledger'>;
  readonly #atOnce: number;
  /** By epoch: read outside any transaction, and used where nothing was counted since */
  readonly #prepared = new Map<number, Prepared>();

  constructor(
    services: Pick<Services, 'db' | 'vault' | 'tokens' | 'ledger'>,
    atOnce = tokensAtOnce,
  ) {
    this.#services = services;
    this.#atOnce = atOnce;
  }

  /** Counts or deletes the next part, in a transaction of its own. @returns whether it did */
  async step(): Promise<boolean> {
    const { db, ledger } = this.#services;
    if (!(await generations(db)).some((one) => this.#isOpen(one))) return false;
    return retrying(() =>
      db.transaction().execute(async (trx) => {
        if (!(await takeTurn(trx))) return false;
        await assertReached(trx, ledger, noCaller);
        // Looked at again: another server may have come further since.
        const next = (await generations(trx)).find((one) => this.#isOpen(one));
        if (!next) return false;
        const { dropped_to: from } = next;
        if (from !== null) await dropSome(trx, { ...next, dropped_to: from, limit: this.#atOnce });
        else if (this.#isLive(next)) await this.#count(trx, next);
        else await retire(trx, next);
        return true;
      }),
    );
  }

  /** Counts that are all made wait for their version. */
  #isOpen(one: Building & { readonly dropped_to: number | null }): boolean {
    return one.dropped_to !== null || one.sanction !== null || !this.#isLive(one);
  }

  #isLive = ({ epoch }: Building): boolean =>
    this.#services.tokens.epochs().some((live) => live.epoch === epoch);

  async #count(trx: Db, building: Building): Promise<void> {
    const { epoch, generation, bits, sanction, position } = building;
    const after = { sanction: sanction ?? '', position: position ?? -1 };
    const rows = await listedAfter(trx, { epoch, after, limit: this.#atOnce });
    const counts = new Map<number, number>();
    for (const row of rows) addTo(counts, { prefix: this.#prefixOf(row), bits, by: 1 });
    await addCounts(trx, { epoch, generation, counts });
    const last = rows.length < this.#atOnce ? undefined : rows.at(-1);
    await setBuilding(trx, {
      epoch,
      generation,
      tokens: building.tokens + rows.length,
      sanction: last?.sanction ?? null,
      position: last?.position ?? null,
      revision: building.revision + 1,
    });
  }

  #prefixOf = (row: Parameters<typeof unmasked>[1]): number => unmasked(this.#services.vault, row);

  /** Reads sets whose counts are all made, before the transaction that publishes them. */
  async prepare(): Promise<void> {
    const { db } = this.#services;
    const made = (await generations(db)).filter(isMade);
    for (const epoch of this.#prepared.keys()) {
      if (!made.some((one) => one.epoch === epoch)) this.#prepared.delete(epoch);
    }
    for (const building of made) {
      const { epoch, generation, revision } = building;
      const known = this.#prepared.get(epoch);
      if (known?.generation === generation && known.revision === revision) continue;
      this.#prepared.set(epoch, { generation, revision, set: await readSet(db, building) });
    }
  }

  /** Counts what came and went in the counts that are being made, if any are. */
  async follow(
    trx: Db,
    { epoch, counted }: { epoch: number; counted: readonly CountedToken[] },
  ): Promise<Followed | undefined> {
    const building = await findBuilding(trx, epoch);
    if (!building) return undefined;
    const { generation, bits, revision: before } = building;
    const due = await countedUpTo(trx, building, counted);
    const counts = new Map<number, number>();
    for (const { prefix, by } of due) addTo(counts, { prefix, bits, by });
    const changes = await addCounts(trx, { epoch, generation, counts });
    if (!changes) {
      // Somebody wrote into them.
      await this.#beginAgain(trx, building);
      return undefined;
    }
    const tokens = due.reduce((sum, { by }) => sum + by, building.tokens);
    const revision = due.length === 0 ? before : before + 1;
    const followed = { ...building, tokens, revision };
    if (due.length > 0) await setBuilding(trx, placed(followed));
    return { building: followed, before, changes };
  }

  async #beginAgain(trx: Db, { epoch, generation, bits, tokens }: Building): Promise<void> {
    await retire(trx, { epoch, generation, bits });
    await insertBuilding(trx, { epoch, bits: prefixBits(Math.max(0, tokens), bits) });
  }

  /** Takes counts that are all made for those of the set; undefined where they are not, or have to be made again. */
  async finish(
    trx: Db,
    { building, before, changes }: Followed,
    stored: StoredSet | undefined,
  ): Promise<NextSet | undefined> {
    if (!isMade(building)) return undefined;
    const { epoch, generation, bits, tokens } = building;
    assertSize(epoch, tokens);
    const prepared = this.#prepared.get(epoch);
    const isSame = prepared?.generation === generation && prepared.revision === before;
    const kept = isSame ? prepared.set : undefined;
    const set =
      kept && (await soundly(() => (isNone(changes) ? Promise.resolve(kept) : kept.with(changes))));
    const made =
      prefixBits(tokens, bits) === bits ? (set ?? (await readSet(trx, building))) : undefined;
    this.#prepared.delete(epoch);
    if (!made) {
      await this.#beginAgain(trx, building);
      return undefined;
    }
    await deleteGeneration(trx, building);
    if (typeof stored?.generation === 'number') {
      await retire(trx, { epoch, generation: stored.generation, bits: stored.bits });
    }
    return { set: made, tokens, generation, changes: undefined };
  }

  /** True where a set of so many tokens is made beside the published one. */
  isLarge = async (trx: Db, tokens: number): Promise<boolean> =>
    tokens > this.#atOnce && mayBuild(trx);

  /** Makes a set of which nothing is known: at once where it is small. Otherwise it begins to. */
  async make(
    trx: Db,
    { epoch, stored }: { epoch: number; stored: StoredSet | undefined },
  ): Promise<NextSet | undefined> {
    const isLarge = (await hasMore(trx, { epoch, than: this.#atOnce })) && (await mayBuild(trx));
    if (!isLarge) return this.makeAtOnce(trx, { epoch, stored, bits: stored?.bits });
    const tokens = await countListed(trx, epoch);
    assertSize(epoch, tokens);
    await insertBuilding(trx, { epoch, bits: prefixBits(tokens, stored?.bits) });
    return stored && this.giveUp(trx, stored);
  }

  /** Publishes a set no more until it was made anew. */
  async giveUp(trx: Db, { epoch, generation, bits }: StoredSet): Promise<undefined> {
    if (generation === null) return;
    await leadOnBy(trx, { epoch, generation: null });
    await retire(trx, { epoch, generation, bits });
  }

  /** From everything that is counted, at the width for it, in this transaction. */
  async makeAtOnce(
    trx: Db,
    making: { epoch: number; stored: StoredSet | undefined; bits: number | undefined },
  ): Promise<NextSet> {
    const { epoch, stored } = making;
    const generation = stored?.generation ?? (await freeGeneration(trx, epoch));
    const tally = new PrefixTally();
    for await (const rows of listedIn(trx, epoch)) {
      for (const row of rows) tally.add(this.#prefixOf(row));
    }
    const bits = prefixBits(tally.size, making.bits);
    const sorted = await replaceCounts(trx, { epoch, generation, tally, bits });
    const set = PrefixSet.of(sorted, bits);
    return { set, tokens: tally.size, generation, changes: undefined };
  }
}

/** @throws BlindError `prefixes-too-many` */
export function assertSize(epoch: number, tokens: number): void {
  if (tokens > mostEntries) throw new BlindError('prefixes-too-many', `epoch ${epoch}`);
}

/** Adds to the count of the prefix of a width. */
export function addTo(
  counts: Map<number, number>,
  { prefix, bits, by }: { prefix: number; bits: number; by: number },
): void {
  const short = prefix >>> (mostPrefixBits - bits);
  counts.set(short, (counts.get(short) ?? 0) + by);
}

const isMade = (one: Building & { readonly dropped_to?: number | null }): boolean =>
  one.sanction === null && (one.dropped_to ?? null) === null;

const isNone = ({ added, removed }: SetChanges): boolean => added.length + removed.length === 0;

const placed = ({ epoch, generation, tokens, sanction, position, revision }: Building) => ({
  epoch,
  generation,
  tokens,
  sanction,
  position,
  revision,
});

/** Undefined where the counts are none of a set. */
const readSet = (db: Db, building: Building): Promise<PrefixSet | undefined> =>
  soundly(async () => PrefixSet.from(await prefixesIn(db, building), building.bits));
