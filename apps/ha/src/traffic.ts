import { setTimeout as delay } from 'node:timers/promises';
import { buildSubmission } from '@recourse/testkit';
import {
  callSeconds,
  send,
  type Answered,
  type Caller,
  type Registry,
  type SignedCall,
} from './registry.ts';

/** A call that was sent until it was answered, or until its time was over. */
export interface SentCall {
  readonly jti: string;
  readonly kid: string;
  readonly op: string;
  /** Of a submission */
  readonly sanction?: string;
  /** Milliseconds since the traffic began */
  readonly sentAt: number;
  readonly answeredAt?: number;
  readonly status?: number;
  /** Of the last problem, where it was refused or never answered */
  readonly code?: string;
}

/** Signed calls at an even pace, each to one server after the other until one answers, as an SDK retries. */
export class Traffic {
  readonly #registry: Registry;
  readonly #callers: { readonly trust: Caller; readonly service: Caller };
  readonly #calls: SentCall[] = [];
  readonly #open = new Set<Promise<void>>();
  #begun = 0;
  #isOver = false;
  #pace: Promise<void> | undefined;

  private constructor(registry: Registry, callers: { trust: Caller; service: Caller }) {
    this.#registry = registry;
    this.#callers = callers;
  }

  static async start(registry: Registry, { perSecond }: { perSecond: number }): Promise<Traffic> {
    const trust = await registry.caller('Harbour', 'trust');
    const service = await registry.caller('Harbour', 'service');
    const traffic = new Traffic(registry, { trust, service });
    traffic.#begun = performance.now();
    traffic.#pace = traffic.#send(1000 / perSecond);
    return traffic;
  }

  /** Resolves once no call is open any more. */
  async stop(): Promise<readonly SentCall[]> {
    this.#isOver = true;
    await this.#pace;
    await Promise.all(this.#open);
    return this.#calls;
  }

  async #send(everyMs: number): Promise<void> {
    for (let n = 0; !this.#isOver; n++) {
      const late = this.#begun + n * everyMs - performance.now();
      if (late > 0) await delay(late);
      const call = this.#call(n).finally(() => this.#open.delete(call));
      this.#open.add(call);
    }
  }

  /** Every third is a submission; the others change the pages of the platform's rules, or read. */
  async #call(n: number): Promise<void> {
    const sentAt = performance.now() - this.#begun;
    const { op, input, sanction } = await this.#next(n);
    const { service } = this.#callers;
    const { signed, answer, code } = await this.#untilAnswered(n, { op, input });
    this.#calls.push({
      jti: signed.jti,
      kid: service.kid,
      op,
      sentAt,
      ...(sanction === undefined ? {} : { sanction }),
      ...(code === undefined ? {} : { code }),
      ...(answer && { status: answer.status, answeredAt: performance.now() - this.#begun }),
    });
  }

  async #next(n: number): Promise<{ op: string; input: object; sanction?: string }> {
    if (n % 3 > 0) return { op: 'sanctions.list', input: {} };
    const { trust } = this.#callers;
    const submission = await buildSubmission({
      signedBy: trust,
      audience: this.#registry.origin,
      now: new Date(),
    });
    const claims = submission.statement.split('.')[1] ?? '';
    const { jti } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { jti: string };
    return { op: 'sanctions.submit', input: submission, sanction: jti };
  }

  /** What a server could not do (5xx), or did not say, is asked again, of the next one. */
  async #untilAnswered(
    n: number,
    call: { op: string; input: object },
  ): Promise<{ signed: SignedCall; answer?: Answered; code?: string }> {
    const { servers } = this.#registry;
    const { service } = this.#callers;
    const end = performance.now() + (callSeconds - 10) * 1000;
    let signed = await this.#registry.sign(service, call);
    let code = 'nothing';
    for (let attempts = 1; performance.now() < end; attempts++) {
      const server = servers[(n + attempts) % servers.length];
      const answer = server && (await send(server.url, signed));
      if (answer?.status === 200) return { signed, answer };
      code = answer?.code ?? code;
      // The answer to a read was lost, and is kept for nobody: it is asked anew.
      if (code === 'replayed-call') signed = await this.#registry.sign(service, call);
      else if (answer && answer.status < 500 && answer.status !== 429)
        return { signed, answer, code };
      await delay(250);
    }
    return { signed, code };
  }
}

/** How often each problem was the last word. */
export function lastWords(calls: readonly SentCall[]): Record<string, number> {
  const words: Record<string, number> = {};
  for (const { op, code } of calls)
    if (code !== undefined) words[`${op} ${code}`] = (words[`${op} ${code}`] ?? 0) + 1;
  return words;
}

/** The longest time in which nothing was answered, in seconds. */
export function longestSilence(calls: readonly SentCall[]): number {
  const times = calls.flatMap(({ answeredAt }) => answeredAt ?? []).toSorted((a, b) => a - b);
  const gaps = times.map((at, i) => at - (times[i - 1] ?? at));
  return Math.max(0, ...gaps) / 1000;
}
