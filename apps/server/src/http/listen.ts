import { createServer, type Server, STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener, RequestError } from '@hono/node-server';
import { Problem, problemBody, type ProblemCode } from '@recourse/protocol';
import { listenOn, type Listening } from '@recourse/serving';
import type { Hono } from 'hono';
import type { ServerConfig } from '../config/config.ts';
import { ServerError } from '../errors.ts';
import { problemAnswer, securityHeaders } from './answers.ts';
import { isCall, type Exchange } from './calls.ts';
import type { HttpEnv } from './context.ts';
import { guardFloods } from './flood-guard.ts';
import type { FailureLimits } from './failure-limits.ts';
import { OrderlyStop } from './orderly-stop.ts';
import type { OnEnded } from '../traces/ended-request.ts';
import type { Traces } from '../traces/traces.ts';

export interface Listener {
  /**
   * Goes on for `drainSeconds`, and ends each connection behind its next answer. Then answers nothing but the log and
   * its health, and lets what is in flight finish for a while: what is written by then can be signed and still be read.
   */
  drain(): Promise<void>;
  /**
   * Called once the log is signed for the last time. Lets whoever follows the log read that, then accepts no connection
   * and cuts the rest. Where others sign, or nobody drains, nobody is waited for.
   */
  close(): Promise<void>;
}

/** @throws ServerError `port_in_use` or `port_unusable` */
export async function listen(
  app: Hono<HttpEnv>,
  options: {
    config: ServerConfig;
    failures: FailureLimits;
    onEnded: OnEnded;
    traces: Traces;
    /** Answers calls, which meet none of the routes; a worker answers none */
    calls?: ((exchange: Exchange) => Promise<void>) | undefined;
  },
): Promise<Listener> {
  const { config } = options;
  const server = createServer({
    // Slow headers and slow bodies hold a connection, and nothing else, for no longer than this.
    headersTimeout: Math.min(10, config.requestSeconds) * 1000,
    requestTimeout: config.requestSeconds * 1000,
    connectionsCheckingInterval: 500,
    keepAliveTimeout: 65_000,
    // It would be refused without a problem: `normaliseRequest` looks at it.
    requireHostHeader: false,
  });
  answerClientErrors(server, config.origin);
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    hostname: 'localhost',
    errorHandler: (error) => faultAnswer(error, config.origin),
  });
  const stop = new OrderlyStop(server, config);
  guardFloods(server, options, (incoming, outgoing) => {
    if (!stop.admits(incoming, outgoing)) return undefined;
    const isPost = incoming.method === 'POST';
    return options.calls && isPost && isCall(incoming.url ?? '/')
      ? options.calls({ incoming, outgoing })
      : listener(incoming, outgoing);
  });
  const listening = await bind(server, config);
  return { drain: () => stop.drain(), close: () => stop.close(listening) };
}

/** For a target or a Host header of which no URL can be made, such as one with a backslash. */
function faultAnswer(error: unknown, origin: string): Response {
  const code = error instanceof RequestError ? 'malformed-request' : 'internal';
  const answer = problemAnswer(new Problem(code), origin);
  for (const [name, value] of Object.entries(securityHeaders(origin, '/'))) {
    answer.headers.set(name, value);
  }
  return answer;
}

/** @throws ServerError `port_in_use` or `port_unusable` */
export async function bind(
  server: Server,
  { host, port }: Pick<ServerConfig, 'host' | 'port'>,
): Promise<Listening> {
  try {
    return await listenOn(server, { host, port });
  } catch (cause) {
    throw cannotBind(cause, { host, port });
  }
}

function cannotBind(cause: unknown, { host, port }: { host: string; port: number }): ServerError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    const held = cause instanceof Error && 'address' in cause ? String(cause.address) : host;
    const next =
      `see what holds ${held} (ss -ltnp 'sport = :${port}'), another registry? Stop it, or set RECOURSE_PORT to a free ` +
      'port. Where it is no program of yours, open no page and send no secret to this port.';
    return new ServerError('port_in_use', `Port ${port} is in use: ${next}`, { cause });
  }
  const next =
    code === 'EACCES'
      ? 'set RECOURSE_PORT to a port from 1024.'
      : 'set RECOURSE_HOST to an address of this machine.';
  return new ServerError('port_unusable', `Cannot listen on ${host}, port ${port}: ${next}`, {
    cause,
  });
}

/** Codes of Node.js and of its parser; whatever else they find is malformed. */
const problems: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
};

/** Answers with a problem what never became a request, and ends its connection. */
function answerClientErrors(server: Server, origin: string): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const isOver = !socket.writable || error.code === 'ECONNRESET' || isAnswering(socket);
    const problem = new Problem(problems[error.code ?? ''] ?? 'malformed-request');
    if (isOver) socket.destroy();
    else socket.end(rawAnswer(problem, origin), () => socket.destroy());
  });
}

/** Behind the beginning of another answer on the connection a second one would be read as part of it. */
const isAnswering = (socket: Duplex & { _httpMessage?: ServerResponse | null }): boolean =>
  socket._httpMessage?.headersSent ?? false;

function rawAnswer(problem: Problem, origin: string): string {
  const body = JSON.stringify(problemBody(problem, origin));
  const headers = {
    ...securityHeaders(origin, '/'),
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${lines.join('')}\r\n${body}`;
}
