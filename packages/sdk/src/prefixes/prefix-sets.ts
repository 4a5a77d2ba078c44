import { isAway, isRecourseError } from '../errors.ts';
import { freshUntil, isFresh, type HeldSet } from './held-set.ts';
import type { RenewedSet, SetSource } from './renew-set.ts';
import type { SetStore } from './set-store.ts';

/** The state of a set. A stale set rules nobody out. */
export interface SetState {
  /** Epoch of the token key */
  readonly epoch: number;

  /** Whether there is a set, and whether it still rules anybody out */
  readonly state: 'none' | 'fresh' | 'stale';

  /** Version of the held set */
  readonly version?: number;
  /** Prefixes in it */
  readonly count?: number;

  /** When it becomes stale */
  readonly freshUntil?: Date;
}

export interface PrefixSetsOptions extends SetSource {
  readonly store: SetStore | undefined;
}

/** After a renewal that failed, checks ask the registry about everyone for so long before they try another. */
const tryAgainMs = 30_000;
/** A kept set is replaced when it is so much older: a start then loads an update, and no disk is busy with versions. */
const keepEverySeconds = 300;

/**
 * The prefix set of each epoch, in memory. One renewal of an epoch at a time, shared by all who ask for it; a set is
 * replaced whole when its successor was verified, so a check sees one version. A crash leaves what the store keeps.
 *
 * Nothing held, fresh (it may tell that there is no record), or stale (10 minutes after the registry's `asOf`: it tells
 * nothing).
 */
export class PrefixSets {
  readonly #options: PrefixSetsOptions;
  readonly #held = new Map<number, HeldSet>();
  readonly #renewing = new Map<number, Promise<RenewedSet>>();
  readonly #loaded = new Set<number>();
  readonly #keptAsOf = new Map<number, number>();
  readonly #restUntil = new Map<number, number>();

  constructor(options: PrefixSetsOptions) {
    this.#options = options;
  }

  /**
   * The set that a check may look into, renewed first where there is no fresh one; undefined while the registry gives
   * none, and then whoever checks has to ask.
   * @throws RecourseError for what is false, so that no registry makes itself be asked about everyone
   */
  async fresh(epoch: number): Promise<HeldSet | undefined> {
    const held = await this.#fresh(epoch);
    if (held || this.#options.clock().getTime() < (this.#restUntil.get(epoch) ?? 0)) return held;
    try {
      await this.renew(epoch);
    } catch (error) {
      if (!isAway(error) && !isRecourseError(error, 'not-logged')) throw error;
    }
    const renewed = await this.#fresh(epoch);
    if (!renewed) this.#restUntil.set(epoch, this.#options.clock().getTime() + tryAgainMs);
    return renewed;
  }

  /** Brings the set of an epoch to its newest version. @throws RecourseError as {@link renewSet} */
  renew(epoch: number): Promise<RenewedSet> {
    const renewing =
      this.#renewing.get(epoch) ?? this.#renew(epoch).finally(() => this.#renewing.delete(epoch));
    this.#renewing.set(epoch, renewing);
    return renewing;
  }

  state(epoch: number): SetState {
    const held = this.#held.get(epoch);
    if (!held) return { epoch, state: 'none' };
    const { version, count } = held.header;
    const state = isFresh(held, this.#options.clock()) ? 'fresh' : 'stale';
    return { epoch, state, version, count, freshUntil: freshUntil(held.header) };
  }

  /** Forgets the sets of epochs that have closed. */
  retain(live: readonly number[]): void {
    for (const epoch of this.#held.keys()) if (!live.includes(epoch)) this.#held.delete(epoch);
  }

  async #fresh(epoch: number): Promise<HeldSet | undefined> {
    await this.#load(epoch);
    const held = this.#held.get(epoch);
    return held && isFresh(held, this.#options.clock()) ? held : undefined;
  }

  async #renew(epoch: number): Promise<RenewedSet> {
    await this.#load(epoch);
    const { renewSet } = await import('./renew-set.ts');
    const renewed = await renewSet(this.#options, { epoch, held: this.#held.get(epoch) });
    this.#held.set(epoch, renewed.held);
    await this.#keep(renewed.held);
    return renewed;
  }

  async #load(epoch: number): Promise<void> {
    const { store } = this.#options;
    if (!store || this.#loaded.has(epoch)) return;
    const { loadSet } = await import('./set-store.ts');
    const stored = await loadSet(store, { epoch, trust: this.#options });
    this.#loaded.add(epoch);
    if (!stored || this.#held.has(epoch)) return;
    this.#held.set(epoch, stored);
    this.#keptAsOf.set(epoch, stored.header.asOf);
  }

  async #keep(held: HeldSet): Promise<void> {
    const { epoch, asOf } = held.header;
    const keptAsOf = this.#keptAsOf.get(epoch) ?? 0;
    if (!this.#options.store || asOf - keptAsOf < keepEverySeconds) return;
    const { keptOf } = await import('./set-store.ts');
    await this.#options.store.save(epoch, await keptOf(held));
    this.#keptAsOf.set(epoch, asOf);
  }
}
