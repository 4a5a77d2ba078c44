import { createServer } from 'node:http';
import { Problem } from '@recourse/protocol';
import type { ServerConfig } from '../config/config.ts';
import { writeProblem } from './answers.ts';
import { bind } from './listen.ts';

/** Answers on the port of a server until it has started. */
export interface WaitingRoom {
  /** @param text what an operator is told at `/readyz` */
  waitsFor(text: string): void;
  /** Frees the port. */
  leave(): Promise<void>;
}

/**
 * Holds the port before minutes of a first start are spent. The process is up (`/healthz`), it is not ready, and whoever
 * asks anything else may come again.
 * @throws ServerError `port_in_use` or `port_unusable`
 */
export async function openWaitingRoom(
  config: Pick<ServerConfig, 'host' | 'port' | 'origin'>,
): Promise<WaitingRoom> {
  let text = 'The server is starting.';
  const timeouts = {
    headersTimeout: 5_000,
    requestTimeout: 5_000,
    connectionsCheckingInterval: 500,
  };
  const server = createServer(timeouts, (request, response) => {
    response.shouldKeepAlive = false;
    const answer = (status: number, body: object): void => {
      const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
      response.writeHead(status, { ...headers, ...(status === 503 ? { 'Retry-After': '2' } : {}) });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/healthz') return answer(200, { status: 'ok' });
    if (request.url === '/readyz')
      return answer(503, { status: 'not-ready', reasons: [{ code: 'starting', text }] });
    const problem = new Problem('overloaded', { retryAfterSeconds: 5 });
    return writeProblem(response, problem, { origin: config.origin });
  });
  const listening = await bind(server, config);
  return {
    waitsFor: (reason) => {
      text = reason;
    },
    leave: async () => {
      const closed = listening.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
