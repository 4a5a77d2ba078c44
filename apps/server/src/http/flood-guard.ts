import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '@recourse/protocol';
import type { ServerConfig } from '../config.ts';
import { writeProblem } from './answers.ts';
import { normaliseRequest } from './normalise-request.ts';
import { sourceOf } from './request-source.ts';
import { isTrusted, plain, sourceAddress } from './source-address.ts';
import type { SourceLimits } from './source-limits.ts';

type GuardOptions = { config: ServerConfig; sources: SourceLimits };
type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * How long a limited source waits for its refusal. Held, its connection costs memory alone; cut at once, it would be
 * opened anew as fast as the machine allows.
 */
const holdMs = 1000;
/** Connections that a limited source can have held; more are cut as they come, before anything is read of them. */
const heldConnections = 512;
/** Not the creator's routes: whoever shares an address with a flood of calls still reaches their case. */
const guarded = /^\/(call\/|trpc\/(?!case\.))/;

/**
 * Keeps a flood from costing what calls cost. A source that used up its failures is answered 429 before its request is
 * routed, late, and for the last time on this connection; beyond a bound its connections are cut without an answer.
 * Connections of trusted proxies carry many sources: those are answered at once and stay.
 */
export function guardFloods(server: Server, options: GuardOptions, listener: Listener): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => admitConnection(socket, open, options));
  server.on('request', (request, response) => {
    const { origin } = options.config;
    if (!normaliseRequest(request)) {
      return writeProblem(response, new Problem('malformed-request'), {
        origin,
        headers: { Connection: 'close' },
      });
    }
    const seconds = guarded.test(request.url ?? '') ? waitFor(request, options) : 0;
    if (seconds === 0) return void listener(request, response);
    const isProxied = isTrusted(peerOf(request.socket), options.config.trustedProxies);
    const problem = new Problem('quota-exceeded', { retryAfterSeconds: seconds });
    const answer = (): void =>
      writeProblem(response, problem, {
        origin,
        headers: isProxied ? {} : { Connection: 'close' },
      });
    if (isProxied) return answer();
    // Requests pipelined behind this one stay unread.
    request.socket.pause();
    setTimeout(answer, holdMs);
  });
}

const peerOf = (socket: Socket): string => plain(socket.remoteAddress ?? '');

const waitFor = (request: IncomingMessage, { config, sources }: GuardOptions): number =>
  sources.waitSeconds(sourceOf(request, config));

function admitConnection(socket: Socket, open: Map<string, number>, options: GuardOptions): void {
  if (isTrusted(peerOf(socket), options.config.trustedProxies)) return;
  const { remoteAddress } = socket;
  const peer = sourceAddress(
    { remoteAddress, forwardedFor: undefined },
    options.config.trustedProxies,
  );
  const connections = (open.get(peer) ?? 0) + 1;
  open.set(peer, connections);
  socket.once('close', () => {
    const left = (open.get(peer) ?? 1) - 1;
    if (left > 0) open.set(peer, left);
    else open.delete(peer);
  });
  if (connections > heldConnections && options.sources.waitSeconds(peer) > 0) socket.destroy();
}
