import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Witness, WitnessAnswer } from './witness.ts';

/** A proof of 63 hashes and a checkpoint with the cosignatures of many */
const largestBody = 65_536;
const mostConnections = 256;
/** Requests that wait for the state file; each takes some milliseconds */
const mostConsidered = 32;
const requestMs = 10_000;
const drainMs = 10_000;

/** The witness, and where it listens. */
export interface ServeOptions {
  readonly witness: Witness;
  readonly host: string;
  /** 0 for any */
  readonly port: number;
  /** Gets each answer to add-checkpoint, and the fault that prevented one */
  readonly onAnswer?: (answered: { answer: WitnessAnswer; fault?: unknown }) => void;
}

/** A witness that listens. */
export interface ServedWitness {
  readonly url: string;
  /** Finishes accepted requests, for ten seconds at most */
  stop(): Promise<void>;
}

/**
 * Serves `POST /add-checkpoint`, and at `/` the key and the logs for people. It is plain HTTP: let a reverse proxy add
 * TLS.
 * @throws Error of the listening socket
 */
export async function serveWitness(options: ServeOptions): Promise<ServedWitness> {
  const { host, port } = options;
  const desk = new Desk(options);
  const server = createServer(
    {
      headersTimeout: requestMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 65_000,
      maxHeaderSize: 8_192,
    },
    // Rejected when the sender has gone, or the witness has stopped: nobody waits for an answer.
    (request, response) => void desk.answer(request, response).catch(() => response.destroy()),
  );
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  // Accepting fails when the process is out of files; connections wait, and it passes.
  server.removeAllListeners('error').on('error', () => undefined);
  const { port: bound } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${bound}`, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Kept-alive connections become idle as their answers leave.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await Promise.race([closed, sleep(drainMs, undefined, { ref: false })]);
  clearInterval(sweep);
  server.closeAllConnections();
  await closed;
}

type DeskReply = Pick<WitnessAnswer, 'status' | 'contentType' | 'body'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

class Desk {
  readonly #options: ServeOptions;
  #considered = 0;

  constructor(options: ServeOptions) {
    this.#options = options;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, contentType, body, headers } = await this.#route(request);
    if (response.destroyed) return;
    response.writeHead(status, {
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  #route(request: IncomingMessage): Promise<DeskReply> | DeskReply {
    const { method, url } = request;
    if (url === '/add-checkpoint') {
      return method === 'POST' ? this.#addCheckpoint(request) : notAllowed('POST');
    }
    if (url !== '/') return reply(404, 'not found');
    return method === 'GET' || method === 'HEAD' ? this.#page() : notAllowed('GET, HEAD');
  }

  async #addCheckpoint(request: IncomingMessage): Promise<DeskReply> {
    const body = await readBody(request);
    if (body === undefined) return { ...reply(413, 'too large'), headers: { connection: 'close' } };
    // Counted once the body is here: slow senders hold a connection, and keep nobody off.
    if (this.#considered >= mostConsidered) return busy;
    this.#considered++;
    const { witness, onAnswer } = this.#options;
    try {
      const answer = await witness.addCheckpoint(body);
      onAnswer?.({ answer });
      return answer;
    } catch (fault) {
      const answer = reply(503, 'cannot cosign now');
      onAnswer?.({ answer, fault });
      return answer;
    } finally {
      this.#considered--;
    }
  }

  async #page(): Promise<DeskReply> {
    const { witness } = this.#options;
    const logs = await witness.logs();
    const lines = logs.map(({ origin, size }) => `${origin} ${size}`);
    return reply(200, [witness.key, '', ...lines].join('\n'));
  }
}

const reply = (status: number, text: string): DeskReply => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: `${text}\n`,
});

const busy: DeskReply = { ...reply(503, 'busy'), headers: { 'retry-after': '1' } };

const notAllowed = (allow: string): DeskReply => ({
  ...reply(405, 'method not allowed'),
  headers: { allow },
});

/** Undefined for a body that is too large: an announced length is attacker-controlled, so that bytes are counted. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Destroyed, the socket would take the answer with it.
  const parts: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of parts) {
    size += chunk.length;
    if (size > largestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
