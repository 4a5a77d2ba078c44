import type { Caller } from '../commit/store.ts';

/**
 * Keys as last read, for `ttl` milliseconds. A cached key never decides alone: the statement that audits a
 * call re-reads its state, so a revocation on another server holds in the next call.
 */
export class KeyCache {
  readonly #entries = new Map<string, { caller: Caller; until: number }>();
  readonly #read: (kid: string) => Promise<Caller | undefined>;
  readonly #ttl: number;
  readonly #size: number;

  constructor(options: {
    read: (kid: string) => Promise<Caller | undefined>;
    ttl?: number;
    size?: number;
  }) {
    this.#read = options.read;
    this.#ttl = options.ttl ?? 5_000;
    this.#size = options.size ?? 10_000;
  }

  async get(kid: string): Promise<Caller | undefined> {
    const cached = this.#entries.get(kid);
    if (cached && cached.until > performance.now()) return cached.caller;
    const caller = await this.#read(kid);
    // Unknown kids are attacker-controlled and are not remembered: they could fill the cache.
    if (!caller) this.#entries.delete(kid);
    else this.#remember(kid, caller);
    return caller;
  }

  forget(kid: string): void {
    this.#entries.delete(kid);
  }

  #remember(kid: string, caller: Caller): void {
    if (this.#entries.size >= this.#size) this.#entries.clear();
    this.#entries.set(kid, { caller, until: performance.now() + this.#ttl });
  }
}
