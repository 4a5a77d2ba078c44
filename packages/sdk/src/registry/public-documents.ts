import { parseStrictJson, type Json } from '@recourse/protocol';
import { failAs, isRecourseError, RecourseError } from '../errors.ts';
import type { Random } from '../random.ts';
import { waitBefore, type RetryPolicy } from '../transport/backoff.ts';
import { exchange, type Fetch } from '../transport/post.ts';

export interface PublicDocumentsOptions {
  readonly url: string;
  readonly fetch: Fetch;
  readonly random: Random;
  readonly retry: RetryPolicy;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Reads the registry's unsigned documents. What they say counts only as far as signatures carry it. */
export class PublicDocuments {
  readonly #options: PublicDocumentsOptions;

  constructor(options: PublicDocumentsOptions) {
    this.#options = options;
  }

  /** @throws RecourseError `unavailable`, `not-found`, `answer-invalid` */
  async get(path: string, signal?: AbortSignal): Promise<Json> {
    const body = await this.#persist({ path, signal });
    return failAs('answer-invalid', () => parseStrictJson(body));
  }

  /**
   * A file of at most so many bytes; undefined where there is none.
   * @throws RecourseError `unavailable`, `answer-invalid`
   */
  async file(
    wanted: WantedDocument & { readonly mostBytes: number },
  ): Promise<Uint8Array | undefined> {
    try {
      return await this.#persist(wanted);
    } catch (error) {
      if (isRecourseError(error, 'not-found')) return undefined;
      throw error;
    }
  }

  async #persist(wanted: WantedDocument): Promise<Uint8Array> {
    const { retry, random, sleep } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#read(wanted);
      } catch (error) {
        if (!isRecourseError(error, 'unavailable') || attempt >= retry.attempts) throw error;
        const { retryAfterSeconds } = error;
        const wait = waitBefore(attempt, { policy: retry, random, retryAfterSeconds });
        await sleep(wait, wanted.signal);
      }
    }
  }

  async #read({ path, ...how }: WantedDocument): Promise<Uint8Array> {
    const answer = await exchange(this.#options.fetch, {
      url: `${this.#options.url}${path}`,
      method: 'GET',
      timeoutSeconds: this.#options.retry.timeoutSeconds,
      ...how,
    });
    const { status, retryAfterSeconds } = answer;
    if (status === 404) throw new RecourseError('not-found', { status });
    if (status === 429 || status >= 500) {
      throw new RecourseError('unavailable', { status, retryAfterSeconds });
    }
    if (status !== 200) throw new RecourseError('answer-invalid', { status });
    return answer.body;
  }
}

interface WantedDocument {
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  readonly mostBytes?: number | undefined;
}
