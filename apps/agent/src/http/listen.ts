import { chmodSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { listenOn } from '@recourse/serving';
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
  const { at, close } = await bind(server, address);
  return { at, close: (deadline) => drain(server, { closed: close(), deadline }) };
}

async function bind(server: Server, address: Address): Promise<Bound> {
  try {
    if (address.kind === 'unix') return await bindSocket(server, address.path);
    const { port, close } = await listenOn(server, address);
    return { at: urlOf({ ...address, port }), close };
  } catch (cause) {
    throw unusable(address, cause);
  }
}

interface Bound {
  readonly at: string;
  readonly close: () => Promise<void>;
}

async function bindSocket(server: Server, path: string): Promise<Bound> {
  await makeRoom(path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    listenForOwner(server, path, resolve);
  });
  // Accepting fails when the process is out of files; connections wait, and it passes.
  server.removeAllListeners('error').on('error', () => undefined);
  return { at: path, close: () => new Promise((resolve) => server.close(() => resolve())) };
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

async function drain(
  server: Server,
  { closed, deadline }: { closed: Promise<void>; deadline: AbortSignal },
): Promise<void> {
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

function unusable(address: Address, cause: unknown): AgentError {
  const code = codeOf(cause);
  const at = address.kind === 'unix' ? address.path : urlOf({ ...address, ...heldIn(cause) });
  const next =
    code === 'EADDRINUSE' && address.kind === 'tcp'
      ? `See what it is: ss -ltnp 'sport = :${address.port}'. Stop it, or give another --listen. If it is no agent of ` +
        'yours, it may have heard the token: make a new token (delete its file, or change --token).'
      : 'Stop what listens there (another agent?), or give another --listen.';
  return new AgentError(
    'address-unusable',
    { message: `Cannot listen on ${at} (${code}).`, next },
    { cause },
  );
}

/** The address that could not be had: beside 127.0.0.1 that is ::1, and the other way round. */
const heldIn = (cause: unknown): { host?: string } =>
  cause instanceof Error && 'address' in cause ? { host: String(cause.address) } : {};
