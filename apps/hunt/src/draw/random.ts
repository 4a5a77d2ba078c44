/** Draws that are the same for the same seed: mulberry32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1) */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(size: number): number {
    return Math.floor(this.next() * size);
  }

  happens(chance: number): boolean {
    return this.next() < chance;
  }

  pick<T>(from: readonly T[]): T | undefined {
    return from[this.below(from.length)];
  }

  shuffled<T>(from: readonly T[]): T[] {
    const places = from.map((one) => ({ one, place: this.next() }));
    return places.toSorted((a, b) => a.place - b.place).map(({ one }) => one);
  }

  /** Each with a chance of its own */
  some<T>(from: readonly T[], chance: number): T[] {
    return from.filter(() => this.happens(chance));
  }
}
