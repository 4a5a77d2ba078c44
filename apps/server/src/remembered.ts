interface RememberedOptions {
  readonly forMs: number;
  /** Milliseconds that only grow */
  readonly now?: () => number;
}

/** Asked once for all who want to know within a time. */
export class Remembered<T> {
  readonly #ask: () => Promise<T>;
  readonly #options: Required<RememberedOptions>;
  #asked: Promise<T> | undefined;
  #until = Infinity;

  constructor(ask: () => Promise<T>, options: RememberedOptions) {
    this.#ask = ask;
    this.#options = { now: () => performance.now(), ...options };
  }

  get(): Promise<T> {
    const { forMs, now } = this.#options;
    if (this.#asked && now() < this.#until) return this.#asked;
    this.#until = Infinity;
    const asked = this.#ask();
    const wait = (): void => {
      this.#until = now() + forMs;
    };
    asked.then(wait, wait);
    return (this.#asked = asked);
  }
}
