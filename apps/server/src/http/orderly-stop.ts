import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '@recourse/protocol';
import type { Listening } from '@recourse/serving';
import type { ServerConfig } from '../config/config.ts';
import { isReadToTheEnd } from '../ledger/open-ledger.ts';
import { writeProblem } from './answers.ts';

const finishMs = 10_000;
/** A mirror that follows looks each second (`recourse ledger mirror --follow`). */
const readersMs = 2_000;
/** For a file of the log that is on its way. */
const cutMs = 1_000;
/** Until the last checkpoint was read, with the key that a reader compares. */
const staysOpen = /^\/(ledger\/|\.well-known\/recourse$|healthz$|readyz$)/;

/**
 * How a listener stops. Draining: all goes on, and each connection ends behind its next answer. Over: nothing is answered
 * but the log and the health, so that the log is signed for the last time behind the last call, and still read. Closed.
 */
export class OrderlyStop {
  readonly #server: Server;
  readonly #config: ServerConfig;
  readonly #inFlight = new Set<ServerResponse>();
  #isDraining = false;
  #isOver = false;

  constructor(server: Server, config: ServerConfig) {
    this.#server = server;
    this.#config = config;
    server.on('request', (_request, response) => {
      // Cut as it is used again, a kept connection would cost the call on it.
      if (this.#isDraining) response.setHeader('Connection', 'close');
    });
  }

  /** @returns whether a request may be answered; otherwise it was refused here */
  admits({ url = '/' }: IncomingMessage, response: ServerResponse): boolean {
    if (this.#isOver && !staysOpen.test(url)) {
      const problem = new Problem('overloaded', { retryAfterSeconds: 2 });
      writeProblem(response, problem, { origin: this.#config.origin, headers: {} });
      return false;
    }
    this.#inFlight.add(response);
    response.once('close', () => this.#inFlight.delete(response));
    return true;
  }

  async drain(): Promise<void> {
    this.#isDraining = true;
    await sleep(this.#config.drainSeconds * 1000);
    this.#isOver = true;
    const until = performance.now() + finishMs;
    while (this.#inFlight.size > 0 && performance.now() < until) await sleep(20);
  }

  async close(listening: Listening): Promise<void> {
    if (isReadToTheEnd(this.#config)) await sleep(readersMs);
    const server = this.#server;
    const closed = listening.close();
    server.closeIdleConnections();
    // Kept-alive connections become idle as their answers leave.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    await Promise.race([closed, sleep(cutMs, undefined, { ref: false })]);
    clearInterval(sweep);
    server.closeAllConnections();
    await closed;
  }
}
