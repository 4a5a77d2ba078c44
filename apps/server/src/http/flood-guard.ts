import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '@recourse/protocol';
import type { ServerConfig } from '../config/config.ts';
import { pathIn, writeProblem } from './answers.ts';
import { withRequest, type CurrentRequest } from './current-request.ts';
import type { FailureLimits } from './failure-limits.ts';
import { normaliseRequest } from './normalise-request.ts';
import { Pace, type PaceOptions } from './pace.ts';
import { sourceOf } from './request-source.ts';
import { isTrusted, plain, sourceAddress } from './source-address.ts';
import type { OnEnded } from '../traces/ended-request.ts';
import { watchRequest } from './watch-requests.ts';
import type { Traces } from '../traces/traces.ts';

type GuardOptions = {
  config: ServerConfig;
  failures: FailureLimits;
  onEnded: OnEnded;
  traces: Traces;
};
type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * How long a limited source waits for its refusal. Held, its connection costs memory alone; cut at once, it would be
 * opened anew as fast as the machine allows.
 */
export const holdMs = 1000;
/** Connections that a limited source can have held; more are cut as they come, before anything is read of them. */
const heldConnections = 512;
/** Connections of any source: beyond these they cost everybody files and memory, slow ones too. */
const mostConnections = 1024;
/** Not the creator's routes: whoever shares an address with a flood of calls still reaches their case. */
const limited = /^\/(call\/|trpc\/(?!case\.))/;

const waitMs = 10_000;
/** Paces of what one address reads: the first kind that fits. Calls and acts have limits of their own. */
const kinds: readonly [path: RegExp, pace: PaceOptions | undefined][] = [
  [/^\/(call|trpc)\//, undefined],
  // A monitor reads a log of a million entries in some seconds; its queue bounds what the database does for it.
  [/^\/(ledger|prefixes)\//, { burst: 2_000, perSecond: 1_000, waitMs }],
  // A desk is some files from memory, and an office opens many.
  [/^\/(desk|style\.css)/, { burst: 400, perSecond: 100, waitMs }],
  // Of hundreds of KiB each.
  [/^\/(openapi\.json|docs)/, { burst: 20, perSecond: 5, waitMs }],
  [
    /^\/(\.well-known|healthz|governance\.json|parties|policies|problems|schemas|transparency\/)/,
    { burst: 100, perSecond: 50, waitMs },
  ],
  [/^/, { burst: 200, perSecond: 40, waitMs }],
];

/**
 * Keeps one address from costing everybody what it asks. A source that used up its failures is answered 429 before its
 * request is routed, late, and for the last time on this connection; one that reads beyond its pace waits for its turn.
 * Beyond a bound its connections are cut. Connections of trusted proxies carry many sources: none of those is held up.
 */
export function guardFloods(server: Server, options: GuardOptions, listener: Listener): void {
  const { config, failures } = options;
  const open = new Map<string, number>();
  const paces = kinds.map(([path, pace]) => [path, pace && new Pace(pace)] as const);
  server.on('connection', (socket: Socket) => admitConnection(socket, open, options));
  server.on('request', (request, response) => {
    const arrivedAt = performance.now();
    const isNormal = normaliseRequest(request);
    const source = sourceOf(request, config);
    const held = new HeldRequest(request, response, config);
    const current: CurrentRequest = { source, arrivedAt };
    const trace = options.traces.request(request.headers);
    const answer = (): unknown =>
      trace.run(() => withRequest(current, () => listener(request, response)));
    const path = pathIn(request.url ?? '/');
    const onEnded: OnEnded = (ended) => {
      options.onEnded(ended);
      trace.end(ended);
    };
    watchRequest(response, { path, current, onEnded });
    if (!isNormal) return held.refuse(new Problem('malformed-request'));
    const retryAfterSeconds = limited.test(path) ? failures.waitSeconds(source) : 0;
    if (retryAfterSeconds > 0) {
      return held.after(holdMs, () =>
        held.refuse(new Problem('quota-exceeded', { retryAfterSeconds })),
      );
    }
    const pace = paces.find(([kind]) => kind.test(path))?.[1];
    const turn = pace ? pace.turn(source) : 0;
    if (turn === 0) return void answer();
    if (turn !== undefined) return held.after(turn, answer);
    // Refused sooner than the last of those that wait are answered, its connection would be opened anew all the sooner.
    const tooMany = new Problem('quota-exceeded', { retryAfterSeconds: waitMs / 1000 });
    return held.after(waitMs, () => held.refuse(tooMany));
  });
}

/** A request that waits; those pipelined behind it stay unread. */
class HeldRequest {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #origin: string;
  readonly #isProxied: boolean;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    { origin, trustedProxies }: ServerConfig,
  ) {
    this.#request = request;
    this.#response = response;
    this.#origin = origin;
    this.#isProxied = isTrusted(peerOf(request.socket), trustedProxies);
  }

  after(ms: number, goOn: () => unknown): void {
    const { socket } = this.#request;
    if (!this.#isProxied) socket.pause();
    setTimeout(() => {
      if (socket.destroyed) return;
      socket.resume();
      goOn();
    }, ms);
  }

  refuse(problem: Problem): void {
    const headers = this.#isProxied ? {} : { Connection: 'close' };
    writeProblem(this.#response, problem, { origin: this.#origin, headers });
  }
}

const peerOf = (socket: Socket): string => plain(socket.remoteAddress ?? '');

function admitConnection(socket: Socket, open: Map<string, number>, options: GuardOptions): void {
  const { trustedProxies } = options.config;
  if (isTrusted(peerOf(socket), trustedProxies)) return;
  const { remoteAddress } = socket;
  const peer = sourceAddress({ remoteAddress, forwardedFor: undefined }, trustedProxies);
  const connections = (open.get(peer) ?? 0) + 1;
  open.set(peer, connections);
  socket.once('close', () => {
    const left = (open.get(peer) ?? 1) - 1;
    if (left > 0) open.set(peer, left);
    else open.delete(peer);
  });
  const most = options.failures.isLimited(peer) ? heldConnections : mostConnections;
  if (connections > most) socket.destroy();
}
