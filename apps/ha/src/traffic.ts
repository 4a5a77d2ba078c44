import { setTimeout as delay } from 'node:timers/promises';
import { buildSubmission } from '@recourse/testkit';
import { callSeconds, type Caller, type Registry } from './registry.ts';
import { send, type Answered, type SignedCall } from './send.ts';

/** A call that was sent until it was answered, or until its time was over. */
export interface SentCall {
  readonly jti: string;
  readonly op: string;
  /** Id of a submission */
  readonly sanction?: string;
  /** Milliseconds since the traffic began */
  readonly sentAt: number;
  readonly answeredAt?: number;
  readonly status?: number;
  /** Code of the last problem, where it was refused or never answered */
  readonly code?: string;
  /** Result of each attempt before the last: a problem, or `no answer` */
  readonly failed: readonly string[];
}

export interface Pace {
  readonly perSecond: number;
  /** Every so many calls are a submission */
  readonly submissionEvery: number;
  /** Kind of the other calls: an own record is looked up unless it says that a token is asked about, as at a signup */
  readonly others?: 'checks.match';
}

interface Wanted {
  readonly op: string;
  readonly input: object;
  readonly sanction?: string;
}

/** So many calls wait for an answer at most: while none comes, no more are sent. */
const mostOpen = 256;

/** Result of a call in the end. */
interface Ending {
  readonly jti: string;
  readonly failed: readonly string[];
  readonly answer?: Answered;
  readonly code?: string;
}

/** The generator of ristretto255 (RFC 9496, appendix A.1) stands for what a platform blinded. */
const element = Buffer.from(
  'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76',
  'hex',
).toString('base64url');
const noToken = Buffer.alloc(32).toString('base64url');

const isFinal = ({ status }: Answered): boolean => status < 500 && status !== 429;

/** Signed calls at an even pace, each sent until a server answers, later and later, as the SDK does. */
export class Traffic {
  /** Problems that came without a time to come again, although the protocol says one */
  readonly abrupt = new Set<string>();
  readonly #registry: Registry;
  readonly #callers: { readonly trust: Caller; readonly service: Caller };
  readonly #pace: Pace;
  readonly #calls: SentCall[] = [];
  readonly #open = new Set<Promise<void>>();
  readonly #begun = performance.now();
  #isOver = false;
  #sending: Promise<void> | undefined;

  private constructor(
    registry: Registry,
    { pace, callers }: { pace: Pace; callers: { trust: Caller; service: Caller } },
  ) {
    this.#registry = registry;
    this.#callers = callers;
    this.#pace = pace;
  }

  /** @returns once one submission is answered, which the other calls look up */
  static async start(registry: Registry, pace: Pace): Promise<Traffic> {
    const trust = await registry.caller('Harbour', 'trust');
    const service = await registry.caller('Harbour', 'service');
    const traffic = new Traffic(registry, { pace, callers: { trust, service } });
    await traffic.#call(traffic.#submission());
    traffic.#sending = traffic.#send(await traffic.#question());
    return traffic;
  }

  /** When something was, in the time of this machine. */
  at(elapsed: number): Date {
    return new Date(performance.timeOrigin + this.#begun + elapsed);
  }

  get elapsed(): number {
    return performance.now() - this.#begun;
  }

  /** Resolves once no call is open any more. */
  async stop(): Promise<readonly SentCall[]> {
    this.#isOver = true;
    await this.#sending;
    await Promise.all(this.#open);
    return this.#calls;
  }

  /** @param question what the calls beside submissions ask */
  async #send(question: Wanted): Promise<void> {
    const { perSecond, submissionEvery } = this.#pace;
    let next = performance.now();
    for (let n = 1; !this.#isOver; n++) {
      // What was not sent in time is not sent later, or an outage would end in a flood.
      next = Math.max(next + 1000 / perSecond, performance.now() - 20);
      const early = next - performance.now();
      if (early > 1) await delay(early);
      if (this.#open.size >= mostOpen) await Promise.race(this.#open);
      const wanted = n % submissionEvery > 0 ? question : this.#submission();
      const call = this.#call(wanted).finally(() => this.#open.delete(call));
      this.#open.add(call);
    }
  }

  async #call(pending: Wanted | Promise<Wanted>): Promise<void> {
    const sentAt = this.elapsed;
    const wanted = await pending;
    const { op, sanction } = wanted;
    const { jti, answer, code, failed } = await this.#untilAnswered(wanted);
    this.#calls.push({
      jti,
      op,
      sentAt,
      failed,
      ...(sanction === undefined ? {} : { sanction }),
      ...(code === undefined ? {} : { code }),
      ...(answer && { status: answer.status, answeredAt: this.elapsed }),
    });
  }

  async #submission(): Promise<Wanted> {
    const { trust } = this.#callers;
    const submission = await buildSubmission({
      signedBy: trust,
      audience: this.#registry.url,
      now: new Date(),
    });
    const claims = submission.statement.split('.')[1] ?? '';
    const { jti } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { jti: string };
    return { op: 'sanctions.submit', input: submission, sanction: jti };
  }

  /** Of what the first submission made, or of a token without record under a check of its own. */
  async #question(): Promise<Wanted> {
    const { others } = this.#pace;
    const [first] = this.#calls;
    if (others === undefined) return { op: 'sanctions.get', input: { sanction: first?.sanction } };
    const input = { purpose: 'monetisation', epochs: [1], blinded: [element] };
    const call = await this.#signed({ op: 'checks.evaluate', input });
    const answer = await send(this.#registry.url, call);
    if (answer?.status !== 200) throw new Error(`checks.evaluate: ${answer?.code}`);
    const { result } = JSON.parse(answer.body) as { result: { check: string } };
    return { op: others, input: { check: result.check, tokens: [{ epoch: 1, token: noToken }] } };
  }

  /** Asks again about what a server could not do (5xx), or did not say. */
  async #untilAnswered(wanted: Wanted): Promise<Ending> {
    const end = performance.now() + (callSeconds - 10) * 1000;
    const failed: string[] = [];
    let signed = await this.#signed(wanted);
    for (let waitMs = 250; performance.now() < end; waitMs = Math.min(4_000, waitMs * 2)) {
      const answer = await send(this.#registry.url, signed);
      const { jti } = signed;
      if (answer?.status === 200) return { jti, answer, failed };
      const code = this.#codeOf(answer);
      // The answer to a read was lost, and is kept for nobody: it is asked anew.
      if (code === 'replayed-call') signed = await this.#signed(wanted);
      else if (answer && isFinal(answer)) return { jti, answer, code, failed };
      failed.push(code);
      await delay(waitMs);
    }
    return { jti: signed.jti, failed, code: failed.at(-1) ?? 'no answer' };
  }

  #codeOf(answer: Answered | undefined): string {
    const code = answer?.code ?? 'no answer';
    if (code === 'recovering' && answer?.retryAfter !== true) this.abrupt.add(code);
    return code;
  }

  #signed({ op, input }: Wanted): Promise<SignedCall> {
    return this.#registry.sign(this.#callers.service, { op, input });
  }
}

/** How often each word was said. */
export function countWords(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** How often each problem was the last word. */
export const lastWords = (calls: readonly SentCall[]): Record<string, number> =>
  countWords(calls.flatMap(({ op, code }) => (code === undefined ? [] : [`${op} ${code}`])));

/** From one answer to the next, in milliseconds since the traffic began. */
export interface Silence {
  readonly from: number;
  readonly to: number;
}

/** The times in which nothing was answered, the longest first. */
export function silencesOf(calls: readonly SentCall[]): Silence[] {
  const times = calls.flatMap(({ answeredAt }) => answeredAt ?? []).toSorted((a, b) => a - b);
  const silences = times.slice(1).map((to, n) => ({ from: times[n] ?? to, to }));
  return silences.toSorted((a, b) => b.to - b.from - (a.to - a.from));
}
