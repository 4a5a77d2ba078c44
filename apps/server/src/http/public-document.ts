import { ServedBytes, type ServedHeaders } from '@recourse/serving';
import { setTimeout as delay } from 'node:timers/promises';
import type { Changes } from './changes.ts';
import type { HttpContext } from './context.ts';

interface PublicDocumentOptions {
  /** Reads the rows and writes the document; nothing where there is none */
  readonly make: () => Promise<string | undefined>;
  readonly headers: ServedHeaders;
  readonly changes: Changes;
  /** Milliseconds that only grow */
  readonly now?: () => number;
}

/** For so long nobody asks the database again, unless this server changed something. */
const freshMs = 1_000;
/** How long readers wait for a database that is slow, before they get what was true last. */
const patienceMs = 2_000;

/**
 * A document made of rows. However many read it, the database is read once a second at most, and once for each change of
 * this server: all who come meanwhile wait for the same bytes. A database that is away leaves the last ones in place.
 */
export class PublicDocument {
  readonly #options: PublicDocumentOptions;
  readonly #now: () => number;
  #bytes: ServedBytes | undefined;
  #madeAt = -Infinity;
  #madeOf = -1;
  #making: Promise<void> | undefined;

  constructor(options: PublicDocumentOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** @throws what `make` throws, where nothing was made before */
  async answer(c: HttpContext): Promise<Response | undefined> {
    await this.#refresh();
    return this.#bytes?.answer(c);
  }

  async #refresh(): Promise<void> {
    const least = this.#options.changes.count;
    const oldest = this.#now() - freshMs;
    const isFresh = (): boolean => this.#madeOf >= least && this.#madeAt > oldest;
    if (isFresh()) return;
    const made = this.#makeUntil(isFresh);
    if (!this.#bytes) return made;
    const late = new AbortController();
    await Promise.race([
      made.catch(() => undefined),
      delay(patienceMs, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
  }

  async #makeUntil(isFresh: () => boolean): Promise<void> {
    while (!isFresh()) await (this.#making ??= this.#make());
  }

  async #make(): Promise<void> {
    const [at, count] = [this.#now(), this.#options.changes.count];
    try {
      const text = await this.#options.make();
      if (text !== this.#bytes?.text) {
        this.#bytes = text === undefined ? undefined : new ServedBytes(text, this.#options.headers);
      }
      [this.#madeAt, this.#madeOf] = [at, count];
    } finally {
      this.#making = undefined;
    }
  }
}
