import {
  detailOf,
  openedEntry,
  type EntryDetail,
  type EntryType,
  type Opening,
  type OwnOpening,
} from '@recourse/protocol';
import { RecourseError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import type { CallOptions } from '../transport/transport.ts';

/** An opening with the kept call, where it has one. */
export interface OwnEntry {
  /** Salt and detail, which open the entry */
  readonly opening: Opening;

  /** The signed call behind the entry, a compact JWS */
  readonly call?: string | undefined;
}

export interface OpenedEntry<T extends EntryType> extends OwnEntry {
  readonly detail: EntryDetail<T> | undefined;
}

const pageSize = 100;

/** Everything that the ledger says of the own party, read to its end, and on from there. */
export class OwnOpenings {
  readonly #list: Operations['ledger']['openings'];
  readonly #cursors = new Set<string>();
  #cursor: string | undefined;
  readonly opened: OwnEntry[] = [];
  /** Sanctions whose openings were erased with their case */
  readonly erased = new Set<string>();

  constructor(list: Operations['ledger']['openings']) {
    this.#list = list;
  }

  /** Reads what came since. @throws RecourseError */
  async readOn(options?: CallOptions): Promise<void> {
    for (;;) {
      const from = this.#cursor === undefined ? {} : { cursor: this.#cursor };
      const { openings, next } = await this.#list({ limit: pageSize, ...from }, options);
      openings.forEach((own) => this.#take(own));
      if (next === undefined) return;
      // A cursor that comes back would be read for ever.
      if (this.#cursors.has(next)) throw new RecourseError('answer-invalid');
      this.#cursors.add(next);
      this.#cursor = next;
    }
  }

  /** Openings of one type of entry, with their details; none where it has not what an entry of its type says. */
  of<T extends EntryType>(type: T): OpenedEntry<T>[] {
    return this.opened
      .filter(({ opening }) => opening.entry.type === type)
      .map((one) => ({ ...one, detail: detailOf(type, openedEntry(one.opening)) }));
  }

  #take(own: OwnOpening): void {
    if ('erased' in own) this.erased.add(own.erased);
    else this.opened.push(own);
  }
}
