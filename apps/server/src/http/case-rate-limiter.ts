import { Problem, problemBody, problemCodes, utf8 } from '@recourse/protocol';
import type { CaseAnswer, CaseHandler } from '@recourse/registry';
import { SourceLimits } from './source-limits.ts';
import { SourceQueue } from './source-queue.ts';

/** Wrong secrets of one source before it is told to wait: 20 at once, and one more every half minute. */
const guesses = { burst: 20, perSecond: 1 / 30 };
/** Proofs asked for by one source: each sends a mail, or looks a name up. */
const finds = { burst: 10, perSecond: 1 / 120 };

/** Acts that mail to an address that anybody may have typed. */
const mailActs: ReadonlySet<string> = new Set(['case.find', 'case.setContact']);

/** Acts that wait for a name server, or make one be asked: what is slow of them keeps nobody from a case. */
const proofActs: ReadonlySet<string> = new Set(['case.find', 'case.prove']);
/**
 * Weighs waiting requests in KiB, which a guess is one of: a creator is kept waiting behind two thousand guesses from
 * the same address, and is heard within seconds. Ten places would be taken by ten connections, and she refused for
 * them.
 */
const waits = { perSource: 2, waiting: 2048, waitingInAll: 65_536, waitMs: 20_000 };

/**
 * Where the acts of creators come in, from programs and from the pages alike. A secret is all they have, so nobody is
 * ever refused for what others did behind the same address: a wrong secret beyond the bound hears `quota-exceeded`
 * instead of what is wrong with it, and a right one is answered. What bounds the work of one source is how much of it
 * may be in flight.
 */
export class CaseRateLimiter {
  readonly #handler: Pick<CaseHandler, 'handle'>;
  readonly #origin: string;
  readonly #acts = new SourceQueue(waits);
  readonly #proofs = new SourceQueue({ ...waits, waiting: 64 });
  readonly #guesses: SourceLimits;
  readonly #finds: SourceLimits;

  constructor(options: {
    handler: Pick<CaseHandler, 'handle'>;
    origin: string;
    /** Milliseconds that only grow */
    now?: () => number;
  }) {
    this.#handler = options.handler;
    this.#origin = options.origin;
    const clock = options.now ? { now: options.now } : {};
    this.#guesses = new SourceLimits({ ...guesses, ...clock });
    this.#finds = new SourceLimits({ ...finds, ...clock });
  }

  /** @throws Problem `quota-exceeded` when this source has too much in flight */
  async hear(source: string, op: string, body: Uint8Array): Promise<CaseAnswer> {
    if (mailActs.has(op)) {
      const seconds = this.#finds.waitSeconds(source);
      if (seconds > 0) return this.#tooMany(seconds);
      this.#finds.charge(source);
    }
    const queue = proofActs.has(op) ? this.#proofs : this.#acts;
    const weight = Math.ceil(body.length / 1024);
    const answer = await queue.run(source, () => this.#handler.handle(op, body), weight);
    if (!answer.guessed) return answer;
    const seconds = this.#guesses.waitSeconds(source);
    if (seconds > 0) return this.#tooMany(seconds);
    this.#guesses.charge(source);
    return answer;
  }

  /**
   * Looks something up by a code that anybody may type, where a wrong one is a guess, too.
   * @throws Problem `quota-exceeded` for a wrong one beyond the bound, or when this source has too much in flight
   */
  async look<T>(source: string, find: () => Promise<T | undefined>): Promise<T | undefined> {
    const found = await this.#acts.run(source, find, 1);
    if (found !== undefined) return found;
    const seconds = this.#guesses.waitSeconds(source);
    if (seconds > 0) throw new Problem('quota-exceeded', { retryAfterSeconds: seconds });
    this.#guesses.charge(source);
    return undefined;
  }

  /** For the pages, which make their own body. */
  hearJson(source: string, op: string, input: object): Promise<CaseAnswer> {
    return this.hear(source, op, utf8(JSON.stringify(input)));
  }

  #tooMany(retryAfterSeconds: number): CaseAnswer {
    const problem = new Problem('quota-exceeded', { retryAfterSeconds });
    return {
      status: problemCodes['quota-exceeded'].status,
      contentType: 'application/problem+json',
      body: JSON.stringify(problemBody(problem, this.#origin)),
      retryAfterSeconds,
      guessed: true,
    };
  }
}
