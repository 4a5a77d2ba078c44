import {
  changesRoot,
  hashText,
  Problem,
  problemBody,
  toNumericDate,
  type Opening,
  type ReceiptLeaf,
} from '@recourse/protocol';
import type { Fetch } from '../src/transport/post.ts';
import { now, origin, type FakeRegistry, type WireAnswer } from './fake-registry.ts';

type CaseHandler = (input: Record<string, unknown>) => {
  readonly data: unknown;
  readonly openings?: readonly Opening[];
};

/** The creator's procedures of a fake registry: a repeated body gets its first answer. */
export class FakeCases {
  readonly registry: FakeRegistry;
  readonly handlers = new Map<string, CaseHandler>();
  readonly requests: { readonly url: string; readonly body: string; readonly init: RequestInit }[] =
    [];
  /** How many answers are lost after they took effect. */
  loses = 0;
  effects = 0;
  /** Operations whose answers are not kept: the same body again is a replay */
  readonly forgets = new Set<string>();
  /** Changes what the receipt says, or the answer after it was receipted. */
  misstate: (leaf: ReceiptLeaf) => ReceiptLeaf = (leaf) => leaf;
  tamper: (answer: WireAnswer) => WireAnswer = (answer) => answer;
  readonly #stored = new Map<string, WireAnswer>();

  constructor(registry: FakeRegistry) {
    this.registry = registry;
  }

  readonly fetch: Fetch = async (url, init) => {
    const op = /\/trpc\/(case\.\w+)$/.exec(url)?.[1];
    if (op === undefined) return this.registry.fetch(url, init);
    const body = typeof init.body === 'string' ? init.body : '';
    this.requests.push({ url, body, init });
    const stored = this.#stored.get(body);
    const answer =
      stored && this.forgets.has(op)
        ? problemAnswer(new Problem('replayed-call'))
        : (stored ?? (await this.#answer(op, body)));
    this.#stored.set(body, answer);
    if (this.loses > 0) {
      this.loses--;
      throw new TypeError('connection reset');
    }
    const { status, contentType, receipt, body: text } = this.tamper(answer);
    const headers = new Headers({ 'content-type': contentType });
    if (receipt !== undefined) headers.set('recourse-receipt', receipt);
    return new Response(text, { status, headers });
  };

  async #answer(op: string, body: string): Promise<WireAnswer> {
    const input = JSON.parse(body) as Record<string, unknown>;
    const answer = this.#handle(op, input);
    const { changes } = JSON.parse(answer.body) as { changes?: { count: number; root: string } };
    const leaf: ReceiptLeaf = {
      v: 1,
      iss: 'case',
      jti: String(input['jti']),
      op,
      req: hashText(body),
      res: hashText(answer.body),
      status: answer.status,
      at: toNumericDate(now),
      changes: changes && { count: changes.count, root: changes.root },
    };
    if (answer.status === 404) return answer;
    return { ...answer, receipt: await this.registry.receiptFor(this.misstate(leaf)) };
  }

  #handle(op: string, input: Record<string, unknown>): WireAnswer {
    try {
      const handler = this.handlers.get(op);
      if (!handler) throw new Problem('not-found');
      this.effects++;
      const { data, openings } = handler(input);
      const root = openings && changesRoot(openings.map(({ entry }) => entry));
      const changes = openings ? { changes: { count: openings.length, root, openings } } : {};
      const body = JSON.stringify({ result: { data }, ...changes });
      return { status: 200, contentType: 'application/json', body };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return problemAnswer(error);
    }
  }
}

const problemAnswer = (problem: Problem): WireAnswer => ({
  status: problem.status,
  contentType: 'application/problem+json',
  body: JSON.stringify(problemBody(problem, origin)),
});
