/** A version of a sanction that the registry disclosed. */
export interface ToldVersion {
  /** Id of the record */
  readonly sanction: string;

  /** Its version when it was disclosed */
  readonly version: number;
}

/**
 * Disclosures that answers of this connection made: each owes an entry in the ledger. Bounded: the oldest is forgotten
 * first.
 */
export class ToldDisclosures {
  readonly #limit: number;
  readonly #told = new Map<string, ToldVersion>();

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  add({ sanction, version }: ToldVersion): void {
    this.#told.set(`${sanction} ${version}`, { sanction, version });
    const [oldest] = this.#told.keys();
    if (this.#told.size > this.#limit && oldest !== undefined) this.#told.delete(oldest);
  }

  list(): ToldVersion[] {
    return [...this.#told.values()];
  }
}
