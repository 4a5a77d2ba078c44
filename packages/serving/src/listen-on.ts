import type { Server } from 'node:http';
import { createServer, type AddressInfo, type Server as SocketServer } from 'node:net';

/** An HTTP server that listens. */
export interface Listening {
  readonly port: number;
  /** Accepts no more; resolves once every connection has ended */
  readonly close: () => Promise<void>;
}

/** Codes of an address that this machine does not have: nobody can listen there. */
const absent = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);
/** For port 0: the port that is free at one address may be taken at another. */
const drawnPorts = 20;

/**
 * Listens at an address. `localhost` stands for 127.0.0.1 and for ::1, and browsers and curl try ::1 first. Another process
 * that holds one of them gets what is sent to the other: bearer tokens, and pages with the keys of the origin. So whoever
 * listens on loopback, or on all addresses of IPv4, holds both, or does not start.
 *
 * @throws Error of the socket: `code`, `address` and `port` say what cannot be had
 */
export async function listenOn(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  server.on('error', ignore);
  for (let left = port === 0 ? drawnPorts : 1; ; left -= 1) {
    const held: SocketServer[] = [];
    try {
      for (const address of hostsOf(host)) {
        const at = { host: address, port: portOf(held[0]) ?? port };
        const next = held.length === 0 ? server : besideOf(server);
        if (await bind(next, at, held.length > 0)) held.push(next);
      }
      return { port: portOf(held[0]) ?? port, close: () => closeAll(held) };
    } catch (error) {
      await closeAll(held);
      if (left === 1 || codeOf(error) !== 'EADDRINUSE') throw error;
    }
  }
}

/** Addresses that have to be held with a host, beginning with itself. `::` takes connections of IPv4, too. */
function hostsOf(host: string): string[] {
  if (host === '127.0.0.1' || host === 'localhost') return ['127.0.0.1', '::1'];
  if (host === '::1') return ['::1', '127.0.0.1'];
  return host === '0.0.0.0' ? ['0.0.0.0', '::1'] : [host];
}

/** Hands each connection that is accepted there to the HTTP server, whose timeouts and guards hold for it. */
function besideOf(server: Server): SocketServer {
  const beside = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    server.emit('connection', socket),
  );
  if (server.maxConnections !== undefined) beside.maxConnections = server.maxConnections;
  return beside.on('error', ignore);
}

/** Accepting fails when the process is out of files; connections wait, and it passes. */
const ignore = (): void => undefined;

/** @returns false for an address that may be absent, and is */
async function bind(
  server: SocketServer,
  at: { host: string; port: number },
  mayBeAbsent: boolean,
): Promise<boolean> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(at, () => {
        server.off('error', reject);
        resolve();
      });
    });
    return true;
  } catch (error) {
    if (mayBeAbsent && absent.has(codeOf(error))) return false;
    throw error;
  }
}

const portOf = (server: SocketServer | undefined): number | undefined =>
  (server?.address() as AddressInfo | undefined)?.port;

async function closeAll(servers: readonly SocketServer[]): Promise<void> {
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
  );
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';
