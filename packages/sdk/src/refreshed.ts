export interface RefreshedOptions<T> {
  readonly load: () => Promise<T>;
  readonly clock: () => Date;
  readonly freshSeconds: number;
}

/** However often a caller asks for it anew: an attacker who can name unknown keys must not cause a request each. */
const minimumSeconds = 5;

/** A value that is loaded once for all who ask, kept for a while, and loaded again when asked. */
export class Refreshed<T> {
  readonly #options: RefreshedOptions<T>;
  #value: { readonly data: T; readonly at: number } | undefined;
  #loading: Promise<T> | undefined;

  constructor(options: RefreshedOptions<T>) {
    this.#options = options;
  }

  get(options: { anew?: boolean } = {}): Promise<T> {
    const cached = this.#value;
    if (cached) {
      const age = (this.#options.clock().getTime() - cached.at) / 1000;
      const enough = options.anew ? minimumSeconds : this.#options.freshSeconds;
      if (age >= 0 && age < enough) return Promise.resolve(cached.data);
    }
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<T> {
    try {
      const data = await this.#options.load();
      this.#value = { data, at: this.#options.clock().getTime() };
      return data;
    } finally {
      this.#loading = undefined;
    }
  }
}
