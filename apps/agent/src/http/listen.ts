import { chmodSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { AgentError } from '../errors.ts';
import { codeOf } from '../secrets/private-file.ts';
import { urlOf, type Address } from './address.ts';

const requestMs = 60_000;

export interface Listener {
  /** For people; `http://127.0.0.1:4810`, or the path of the socket */
  readonly at: string;
  /** Stops accepting and lets what is in flight finish until the signal aborts */
  close(deadline: AbortSignal): Promise<void>;
}

/** @throws AgentError `address-unusable` */
export async function listen(app: Hono, address: Address): Promise<Listener> {
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: requestMs,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 65_000,
    },
    (request, response) => void answer(request, response),
  );
  server.maxConnections = 1024;
  if (address.kind === 'unix') await makeRoom(address.path);
  await bind(server, address);
  const close = (deadline: AbortSignal): Promise<void> => drain(server, deadline);
  if (address.kind === 'unix') return { at: address.path, close };
  const { port } = server.address() as AddressInfo;
  return { at: urlOf({ ...address, port }), close };
}

async function bind(server: Server, address: Address): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      if (address.kind === 'tcp') server.listen(address.port, address.host, resolve);
      else listenForOwner(server, address.path, resolve);
    });
  } catch (cause) {
    throw unusable(address, cause);
  }
  server.removeAllListeners('error');
  // Accepting fails when the process is out of files; connections wait, and it passes.
  server.on('error', () => undefined);
}

/** A socket is made with the rights that the process grants to new files: to the owner alone, from its first moment. */
function listenForOwner(server: Server, path: string, done: () => void): void {
  const mask = process.umask(0o177);
  try {
    server.listen(path, () => {
      chmodSync(path, 0o600);
      done();
    });
  } finally {
    process.umask(mask);
  }
}

/** A killed process leaves its socket; one that somebody answers on stays, and so does what is no socket. */
async function makeRoom(path: string): Promise<void> {
  const isSocket = statSync(path, { throwIfNoEntry: false })?.isSocket() === true;
  if (isSocket && !(await answers(path))) rmSync(path, { force: true });
}

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });

async function drain(server: Server, deadline: AbortSignal): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Kept-alive connections become idle as their answers leave.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const late = new Promise<void>((resolve) => {
    if (deadline.aborted) resolve();
    deadline.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([closed, late]);
  clearInterval(sweep);
  server.closeAllConnections();
  await Promise.race([closed, sleep(1_000)]);
}

const unusable = (address: Address, cause: unknown): AgentError =>
  new AgentError(
    'address-unusable',
    {
      message: `Cannot listen on ${address.kind === 'unix' ? address.path : urlOf(address)} (${codeOf(cause)}).`,
      next: 'Stop what listens there (another agent?), or give another --listen.',
    },
    { cause },
  );
