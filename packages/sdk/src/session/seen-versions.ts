/**
 * The highest version of each sanction this connection has seen, in answers and events alike. A lower one
 * is an older state that was overtaken, and is dropped (protocol, section 7). Bounded: the sanction seen
 * longest ago is forgotten first.
 */
export class SeenVersions {
  readonly #limit: number;
  readonly #versions = new Map<string, number>();

  constructor(limit = 10_000) {
    this.#limit = limit;
  }

  /** Records a version; false when a higher one was seen before. */
  see(sanction: string, version: number): boolean {
    const highest = Math.max(version, this.#versions.get(sanction) ?? 0);
    this.#versions.delete(sanction);
    this.#versions.set(sanction, highest);
    if (this.#versions.size > this.#limit) {
      const [oldest] = this.#versions.keys();
      if (oldest !== undefined) this.#versions.delete(oldest);
    }
    return version === highest;
  }
}
