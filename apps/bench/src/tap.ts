import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** One evaluation in the server, in milliseconds. */
export interface TappedCall {
  /** From its head to its last byte */
  readonly served: number;
  /** Each round trip to PostgreSQL meanwhile, in order */
  readonly roundTrips: readonly number[];
}

let calls: TappedCall[] | undefined;
let current: { readonly begun: number; readonly trips: RoundTrip[] } | undefined;

/** Watches the sockets of this process, before the first is opened: its requests, and what it asks PostgreSQL. */
export function tapSockets(): void {
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket };
    // To connect gives a socket the method back that it was made with.
    socket.once('connect', () => tapClient(socket));
  });
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    const isTapped = calls && request.url === '/call/checks.evaluate';
    current = isTapped ? { begun: performance.now(), trips: [] } : undefined;
  });
  subscribe('http.server.response.finish', () => {
    if (!current) return;
    const roundTrips = current.trips.map(({ sent, answered }) => answered - sent);
    calls?.push({ served: performance.now() - current.begun, roundTrips });
    current = undefined;
  });
}

/** From now on keeps what it sees of evaluations, which come one after the other. */
export function startTap(): void {
  calls = [];
}

export function endTap(): TappedCall[] {
  const tapped = calls ?? [];
  calls = undefined;
  return tapped;
}

function tapClient(socket: Socket): void {
  let trip: RoundTrip | undefined;
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = (...args: unknown[]): boolean => {
    trip = { sent: performance.now(), answered: performance.now() };
    current?.trips.push(trip);
    return write(...args);
  };
  // An answer may come in parts: the last one counts.
  socket.on('data', () => {
    if (trip) trip.answered = performance.now();
  });
}

interface RoundTrip {
  readonly sent: number;
  answered: number;
}
