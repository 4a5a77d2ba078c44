import { entryLeafHash, toBase64url, type Entry } from '@recourse/protocol';
import type { PinStore } from '../pins.ts';

/** Shows an entry to be in the ledger, under a checkpoint that is believed. */
export interface EntryProver {
  /**
   * @param leaf RFC 6962 leaf hash of the entry, 32 bytes
   * @param options.within seconds to wait for an entry that was only just written
   * @throws RecourseError where it is not in the ledger
   */
  prove(leaf: Uint8Array, options?: { within?: number }): Promise<unknown>;
}

/** Seconds that an entry is waited for: the next checkpoint is at most seconds away. */
const within = 10;

/**
 * Entries that were shown to be in the ledger. What was proven once stays proven, so it is remembered: one proof for
 * each key that is used, and none for each call.
 */
export class LoggedEntries {
  readonly #ledger: () => EntryProver;
  readonly #pins: PinStore;
  readonly #proving = new Map<string, Promise<void>>();
  /** Those of a document that was read once are asked about by every call */
  readonly #proven = new WeakSet<Entry>();

  /** @param ledger made later than this: each needs the other */
  constructor(ledger: () => EntryProver, pins: PinStore) {
    this.#ledger = ledger;
    this.#pins = pins;
  }

  /** @throws what {@link EntryProver.prove} throws */
  async assert(entries: readonly Entry[]): Promise<void> {
    const unproven = entries.filter((entry) => !this.#proven.has(entry));
    await Promise.all(unproven.map((entry) => this.#assert(entryLeafHash(entry))));
    for (const entry of unproven) this.#proven.add(entry);
  }

  #assert(leaf: Uint8Array): Promise<void> {
    const name = `logged:${toBase64url(leaf)}`;
    const proving =
      this.#proving.get(name) ?? this.#prove(name, leaf).finally(() => this.#proving.delete(name));
    this.#proving.set(name, proving);
    return proving;
  }

  async #prove(name: string, leaf: Uint8Array): Promise<void> {
    if ((await this.#pins.get(name)) !== undefined) return;
    await this.#ledger().prove(leaf, { within });
    await this.#pins.set(name, 'proven');
  }
}
