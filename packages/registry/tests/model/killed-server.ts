import { createInterface } from 'node:readline';
import { ready } from '@recourse/blind';
import { deriveKeyPair, evaluateBatch } from '@recourse/blind/server';
import { generateKey, signerFromJwk, utf8 } from '@recourse/protocol';
import {
  connect,
  createCallHandler,
  createCaseHandler,
  deadlinesOf,
  makeServices,
  settleDue,
  Vault,
  type Db,
  type Services,
} from '@recourse/registry';
import { randomBytes } from 'node:crypto';
import type { KyselyPlugin } from 'kysely';
import { createTokenService } from '../../src/lookup/epochs/token-service.ts';

/** The first line that a server reads. */
export interface Opening {
  readonly url: string;
  readonly origin: string;
  /** base64 */
  readonly vaultKey: string;
}

/** What it is to do, a line each; it writes a line for the answer, unless it kills itself at its nth statement. */
export interface Order {
  /** What its clock shows first, in milliseconds */
  readonly now: number;
  readonly kill: { readonly nth: number; readonly when: 'before' | 'answered' } | null;
  readonly does: 'call' | 'case' | 'settle';
  readonly op: string;
  readonly body: string;
}

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

/** Kills the process at a statement, as each order says anew. */
class Killing {
  order: Order['kill'] = null;
  #statements = 0;

  arm(order: Order['kill']): void {
    this.order = order;
    this.#statements = 0;
  }

  on(db: Db): Db {
    let fatal: unknown;
    const plugin: KyselyPlugin = {
      transformQuery: ({ node, queryId }) => {
        if (++this.#statements !== this.order?.nth) return node;
        if (this.order.when === 'before') die();
        fatal = queryId;
        return node;
      },
      transformResult: async ({ result, queryId }) => {
        if (queryId === fatal) die();
        return result;
      },
    };
    return db.withPlugin(plugin);
  }
}

async function servicesOf(
  opening: Opening,
  parts: { db: Db; clock: () => Date },
): Promise<Services> {
  const signer = await signerFromJwk(await generateKey());
  const notAsked = (): Promise<never> => Promise.reject(new Error('not asked'));
  const epochs = [1, 2].map((epoch) => ({
    epoch,
    ...deriveKeyPair(new Uint8Array(32).fill(epoch), `epoch ${epoch}`),
    opensAt: new Date(0),
  }));
  const pool = {
    evaluate: async (batch: Parameters<typeof evaluateBatch>[0]) => evaluateBatch(batch),
  };
  return makeServices({
    ...parts,
    origin: opening.origin,
    random: (size) => randomBytes(size),
    place: () => 0,
    receiptSigner: signer,
    eventSigner: signer,
    vault: new Vault(Buffer.from(opening.vaultKey, 'base64')),
    tokens: createTokenService({
      epochs: () => epochs,
      publicKeyOf: () => undefined,
      pool,
      clock: parts.clock,
    }),
    proofs: { mailCode: notAsked, textCode: () => {}, txtRecords: notAsked },
    news: { available: false, mailNews: notAsked },
    notices: { sends: () => false, send: notAsked, wake: () => {} },
    deadlines: deadlinesOf({}, { sandbox: false }),
  });
}

async function serve(opening: Opening, orders: AsyncIterable<string>): Promise<void> {
  await ready();
  let now = 0;
  const killing = new Killing();
  const plain = connect({ url: opening.url, role: 'recourse_service', connections: 4 });
  const clock = (): Date => new Date(now++);
  const services = await servicesOf(opening, { db: killing.on(plain), clock });
  const calls = createCallHandler(services);
  const cases = createCaseHandler(services, { onFailure: () => undefined });
  for await (const line of orders) {
    const order = JSON.parse(line) as Order;
    ({ now } = order);
    killing.arm(order.kill);
    const answer = await obey(order, { services, calls, cases });
    killing.arm(null);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await plain.destroy();
}

async function obey(
  { does, op, body }: Order,
  handlers: {
    services: Services;
    calls: ReturnType<typeof createCallHandler>;
    cases: ReturnType<typeof createCaseHandler>;
  },
): Promise<{ status: number; body: string }> {
  if (does === 'settle') {
    const { failures } = await settleDue(handlers.services);
    return { status: failures.length === 0 ? 200 : 500, body: String(failures[0]?.error) };
  }
  const answer =
    does === 'call'
      ? await handlers.calls.handle(op, body)
      : await handlers.cases.handle(op, utf8(body));
  return { status: answer.status, body: answer.body };
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const first = await lines.next();
// Without orders it is only compiled.
if (first.done !== true) {
  const rest = { [Symbol.asyncIterator]: () => lines };
  await serve(JSON.parse(first.value) as Opening, rest);
}
