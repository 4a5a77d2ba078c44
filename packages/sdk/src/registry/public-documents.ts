import { parseStrictJson, type Json } from '@recourse/protocol';
import { failAs, RecourseError } from '../errors.ts';
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
    const { retry, random, sleep } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#read(path, signal);
      } catch (error) {
        const passes = error instanceof RecourseError && error.code === 'unavailable';
        if (!passes || attempt >= retry.attempts) throw error;
        const { retryAfterSeconds } = error;
        await sleep(waitBefore(attempt, { policy: retry, random, retryAfterSeconds }), signal);
      }
    }
  }

  async #read(path: string, signal?: AbortSignal): Promise<Json> {
    const answer = await exchange(this.#options.fetch, {
      url: `${this.#options.url}${path}`,
      method: 'GET',
      timeoutSeconds: this.#options.retry.timeoutSeconds,
      signal,
    });
    const { status, retryAfterSeconds } = answer;
    if (status === 404) throw new RecourseError('not-found', { status });
    if (status === 429 || status >= 500) {
      throw new RecourseError('unavailable', { status, retryAfterSeconds });
    }
    if (status !== 200) throw new RecourseError('answer-invalid', { status });
    return failAs('answer-invalid', () => parseStrictJson(answer.body));
  }
}
