import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { ServerConfig } from '../config.ts';
import { ServerError } from '../errors.ts';
import type { HttpEnv } from './context.ts';
import { guardFloods } from './flood-guard.ts';
import type { SourceLimits } from './source-limits.ts';

export interface Listener {
  /** Stops accepting, lets what is in flight finish for a while, then cuts it */
  close(): Promise<void>;
}

const drainMs = 10_000;

/** @throws ServerError `port_in_use` or `port_unusable` */
export async function listen(
  app: Hono<HttpEnv>,
  options: { config: ServerConfig; sources: SourceLimits },
): Promise<Listener> {
  const { config } = options;
  const server = createServer({
    // Slow headers and slow bodies hold a connection, and nothing else, for no longer than this.
    headersTimeout: Math.min(10, config.requestSeconds) * 1000,
    requestTimeout: config.requestSeconds * 1000,
    connectionsCheckingInterval: 500,
    keepAliveTimeout: 65_000,
  });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  guardFloods(server, options, listener);
  await bind(server, config);
  return { close: () => close(server) };
}

/** Finds out before minutes of a first start are spent. */
export async function assertPortFree(config: Pick<ServerConfig, 'host' | 'port'>): Promise<void> {
  const probe = createServer();
  await bind(probe, config);
  await new Promise<void>((resolve) => probe.close(() => resolve()));
}

async function bind(
  server: Server,
  { host, port }: Pick<ServerConfig, 'host' | 'port'>,
): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve);
    });
  } catch (cause) {
    throw cannotBind(cause, { host, port });
  }
  server.removeAllListeners('error');
  // Accepting fails when the process is out of files; connections wait, and it passes.
  server.on('error', () => undefined);
}

function cannotBind(cause: unknown, { host, port }: { host: string; port: number }): ServerError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    const next =
      'stop what listens there (another registry?), or set RECOURSE_PORT to a free port.';
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

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // Kept-alive connections become idle as their answers leave.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await Promise.race([closed, sleep(drainMs, undefined, { ref: false })]);
  clearInterval(sweep);
  server.closeAllConnections();
  await closed;
}
