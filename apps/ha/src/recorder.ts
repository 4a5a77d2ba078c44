import { setTimeout as delay } from 'node:timers/promises';
import { hashText } from '@recourse/protocol';
import type { SentCall } from './traffic.ts';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One call on its way: its bytes may be sent more than once. */
interface OpenCall {
  readonly op: string;
  readonly sentAt: number;
  readonly failed: string[];
  answer?: { readonly at: number; readonly status: number; readonly code?: string };
}

/** Says of each call that the SDK sends when it was answered, and how. */
export class Recorder {
  readonly #now: () => number;
  readonly #calls = new Map<string, OpenCall>();

  /** @param now milliseconds since the traffic began */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** For parties: the SDK itself tries again. */
  readonly fetch: Fetch = async (url, init) => {
    const call = this.#callOf(url, init);
    try {
      const answer = await fetch(url, init);
      if (call) await this.#note(call, answer);
      return answer;
    } catch (error) {
      call?.failed.push('no answer');
      throw error;
    }
  };

  /**
   * For creators, who press the button again until they are answered: the same bytes for as long as a call lives.
   * @param address that the balancer would name
   */
  patientFetch(address: string): Fetch {
    return async (url, init) => {
      const headers = new Headers(init.headers);
      headers.set('x-forwarded-for', address);
      const end = this.#now() + patienceMs;
      for (;;) {
        const signal = AbortSignal.timeout(10_000);
        const answer = await this.fetch(url, { ...init, headers, signal }).catch(() => undefined);
        const isAnswered = answer !== undefined && isFinal(answer);
        if (isAnswered || this.#now() > end) return answer ?? Response.error();
        await delay(500);
      }
    };
  }

  get calls(): SentCall[] {
    return [...this.#calls].map(([jti, { op, sentAt, failed, answer }]) => ({
      // The audit has a hash of what a creator sends.
      jti: op.startsWith('case.') ? hashText(jti) : jti,
      op,
      sentAt,
      failed,
      ...(answer?.status === 200 ? { status: 200, answeredAt: answer.at } : {}),
    }));
  }

  /** @returns undefined of what is no call, such as a page of the log */
  #callOf(url: string, { body }: RequestInit): OpenCall | undefined {
    const [, op] = /\/(?:call|trpc)\/([\w.]+)$/.exec(url) ?? [];
    if (op === undefined || typeof body !== 'string') return undefined;
    const text = body.startsWith('{')
      ? body
      : Buffer.from(body.split('.')[1] ?? '', 'base64url').toString();
    const { jti } = JSON.parse(text) as { jti: string };
    const call = this.#calls.get(jti) ?? { op, sentAt: this.#now(), failed: [] };
    this.#calls.set(jti, call);
    return call;
  }

  async #note(call: OpenCall, answer: Response): Promise<void> {
    // An answer whose bytes are lost on the way is none.
    const text = await answer.clone().text();
    const { status } = answer;
    if (status === 200) call.answer = { at: this.#now(), status };
    else if (!isFinal(answer)) call.failed.push(problemIn(text));
  }
}

/** A refusal is an answer, too: nobody sends the same again. */
const isFinal = ({ status }: Response): boolean => status < 500 && status !== 429;

const patienceMs = 110_000;

function problemIn(text: string): string {
  try {
    return (JSON.parse(text) as { type?: string }).type?.split('/').at(-1) ?? 'no problem';
  } catch {
    return 'not from a server';
  }
}
