import { fromBase64url, type LedgerEvidence } from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import { tilesBetween } from './find-leaves.ts';
import type { Head } from './ledger-store.ts';
import type { VerifiedLog } from './verified-log.ts';

/** An entry that a receipt promised, and that was not seen in the log yet. */
export interface PromisedEntry {
  /** Leaf hash, base64url */
  readonly leaf: string;
  /** Group JWS */
  readonly receipt: string;
  /** Milliseconds on the own clock, `mmd` after the answer came: however the registry's clock differs, it is over */
  readonly due: number;
}

export interface PromisesOptions {
  readonly log: VerifiedLog;
  readonly clock: () => Date;
  /** The announcement of the key that signed a receipt */
  readonly receiptKey: (receipt: string) => Promise<string>;
}

/** Groups of calls whose entry may be awaited at once: more, and the next call waits for a look at the log. */
const mostPending = 8_192;
const lookEveryMs = 10_000;
/** Until a head is known nothing can be searched for. */
const firstLookMs = 1_000;
/** Tiles of 8 KiB that one look may read; beyond, entries are asked for one by one. */
const mostTiles = 512;
const askedAtOnce = 8;

/**
 * Looks whether what receipts promised is in the log: every entry, in the background, many with one look.
 *
 * Idle (nothing is pending), waiting for the next look, or looking; one look at a time. Sound until a look finds a
 * fork, or that a promise ran out: then failed for good, and nothing is looked for any more. What may be a lag, a
 * smaller head or one that too few cosigned, fails it when a promise has run out meanwhile. A log that cannot be
 * reached fails nothing.
 */
export class Promises {
  readonly #options: PromisesOptions;
  readonly #pending = new Map<string, PromisedEntry>();
  /** Passed over by a look: logged before the head it began at, or not yet logged */
  readonly #missed = new Set<string>();
  #looking: Promise<void> | undefined;
  #isScheduled = false;
  #failure: RecourseError | undefined;

  constructor(options: PromisesOptions) {
    this.#options = options;
  }

  get pending(): ReadonlyMap<string, PromisedEntry> {
    return this.#pending;
  }

  /** @throws RecourseError what was found out about the registry */
  assertSound(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Resolves when there is room for the promise of another call. @throws RecourseError */
  async room(): Promise<void> {
    this.assertSound();
    if (this.#pending.size >= mostPending) await this.look();
    if (this.#pending.size >= mostPending) throw new RecourseError('unavailable');
  }

  add(promised: PromisedEntry): void {
    if (this.#failure) return;
    if (!this.#pending.has(promised.leaf)) this.#pending.set(promised.leaf, promised);
    this.#schedule();
  }

  /** It was seen in the log. */
  kept(leaf: string): void {
    this.#pending.delete(leaf);
    this.#missed.delete(leaf);
  }

  /** One look at the log, shared by all who ask for one meanwhile. @throws RecourseError */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      this.#schedule();
    });
    return this.#looking;
  }

  /** Nobody believes this registry from now on. @returns the error, with what shows it to others */
  async broken({ receipt }: Pick<PromisedEntry, 'receipt'>, head: Head): Promise<RecourseError> {
    const evidence: LedgerEvidence = {
      v: 1,
      type: 'promise-broken',
      receipt,
      receiptKey: await this.#options.receiptKey(receipt),
      checkpoint: head.note,
    };
    return this.#fail(new RecourseError('promise-broken', { evidence }));
  }

  /**
   * Gives the verdict about the log, as it is thrown: for good, when it is a fork, or when a promise ran out meanwhile.
   */
  judged(error: unknown, isOverdue: boolean): unknown {
    if (!(error instanceof RecourseError) || error.code === 'unavailable') return error;
    return isOverdue || error.code === 'ledger-forked' ? this.#fail(error) : error;
  }

  #fail(error: RecourseError): RecourseError {
    this.#failure ??= error;
    this.#pending.clear();
    this.#missed.clear();
    return this.#failure;
  }

  async #look(): Promise<void> {
    this.assertSound();
    const { log, clock } = this.#options;
    const sought = [...this.#pending.values()];
    // Measured before the log is asked: what it does not have then is late.
    const now = clock().getTime();
    const overdue = sought.filter(({ due }) => due <= now);
    try {
      const from = log.known;
      const to = await log.newest();
      await this.#find(sought, { from, to, now });
      const late = overdue.find(({ leaf }) => this.#pending.has(leaf));
      if (late) throw await this.broken(late, to);
    } catch (error) {
      throw this.judged(error, overdue.length > 0);
    }
  }

  async #find(
    sought: readonly PromisedEntry[],
    { from, to, now }: { from: Head | undefined; to: Head; now: number },
  ): Promise<void> {
    const tiles = from ? tilesBetween(from, to) : Number.POSITIVE_INFINITY;
    if (!from || tiles > mostTiles || tiles >= sought.length) return this.#await(sought, now);
    const wanted = new Set(sought.map(({ leaf }) => leaf));
    const found = await this.#options.log.find(wanted, { from, to });
    found.forEach((leaf) => this.kept(leaf));
    await this.#await(
      sought.filter(({ leaf }) => this.#pending.has(leaf)),
      now,
    );
  }

  /** Asks for each entry that one look has missed, or that is due. A newer one is seldom logged yet. */
  async #await(sought: readonly PromisedEntry[], now: number): Promise<void> {
    await this.#ask(sought.filter(({ leaf, due }) => this.#missed.has(leaf) || due <= now));
    for (const { leaf } of sought) if (this.#pending.has(leaf)) this.#missed.add(leaf);
  }

  async #ask(sought: readonly PromisedEntry[]): Promise<void> {
    for (let i = 0; i < sought.length; i += askedAtOnce) {
      await Promise.all(
        sought.slice(i, i + askedAtOnce).map(async ({ leaf }) => {
          const proof = await this.#options.log.prove(fromBase64url(leaf));
          if (proof !== undefined) this.kept(leaf);
        }),
      );
    }
  }

  /** Keeps no process alive; what a look throws is kept where it matters, and else happens again. */
  #schedule(): void {
    if (this.#isScheduled || this.#looking || this.#failure || this.#pending.size === 0) return;
    this.#isScheduled = true;
    const wait = this.#options.log.known ? lookEveryMs : firstLookMs;
    const timer: unknown = setTimeout(() => {
      this.#isScheduled = false;
      this.look().catch(() => undefined);
    }, wait);
    if (isUnrefable(timer)) timer.unref();
  }
}

/** A timer of Node.js; in browsers it is a number. */
const isUnrefable = (timer: unknown): timer is { unref(): void } =>
  typeof timer === 'object' && timer !== null && 'unref' in timer;
