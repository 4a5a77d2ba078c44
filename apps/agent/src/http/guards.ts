import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { isLoopbackHost } from './address.ts';
import { BadRequest } from './problem.ts';

export interface GuardOptions {
  /** The bearer token of services; without it whoever reaches the socket may ask */
  readonly token: string | undefined;
  /** Names by which services reach the agent; undefined for a Unix socket, where nobody resolves a name */
  readonly hosts: readonly string[] | undefined;
  /** Whether a path answers without the token */
  readonly isOpen: (path: string) => boolean;
}

/**
 * Decides who may ask. A page in a browser of the same machine reaches loopback too: its requests carry an Origin, or
 * come from another site, and are refused; a name of its own that it lets stand for 127.0.0.1 (DNS rebinding) is no
 * name of the agent.
 */
export function guard(options: GuardOptions): MiddlewareHandler {
  return async (context, next) => {
    const header = (name: string): string | undefined => context.req.header(name);
    if (options.hosts) assertOwnName(context, options.hosts);
    const isOpen = options.isOpen(context.req.path);
    // Own pages read what is open. The desk runs scripts, and none of them reads anything else.
    const sites = isOpen ? ['none', 'same-origin'] : ['none'];
    if (header('origin') !== undefined || !sites.includes(header('sec-fetch-site') ?? 'none')) {
      throw fromPage();
    }
    if (options.token !== undefined && !isOpen) {
      const [, sent = ''] = /^Bearer (.+)$/i.exec(header('authorization') ?? '') ?? [];
      if (!isSame(sent, options.token)) throw wrongToken();
    }
    await next();
  };
}

/** The name is attacker-controlled: a page lets one of its own stand for 127.0.0.1. @throws BadRequest */
export function assertOwnName({ req }: Context, hosts: readonly string[]): void {
  if (!isOurs(req.header('host'), hosts)) throw wrongHost();
}

/** The port says nothing: what forwards may listen on another one. */
function isOurs(host: string | undefined, hosts: readonly string[]): boolean {
  const name = (host ?? '')
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '');
  return isLoopbackHost(name) || hosts.includes(name);
}

/** In the same time for every token. */
const isSame = (sent: string, token: string): boolean =>
  timingSafeEqual(digestOf(sent), digestOf(token));

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

const wrongHost = (): BadRequest =>
  new BadRequest(421, {
    code: 'host-not-served',
    title: 'The agent is not known by this name.',
    next: 'Ask for 127.0.0.1, or start the agent with --host NAME.',
  });

const fromPage = (): BadRequest =>
  new BadRequest(403, {
    code: 'browser-refused',
    title: 'Pages may not ask.',
    next: 'Ask from a service of yours, without an Origin header.',
  });

const wrongToken = (): BadRequest =>
  new BadRequest(401, {
    code: 'token-wrong',
    title: 'The bearer token is missing or wrong.',
    next: 'Send the token that the agent was started with: Authorization: Bearer ….',
  });
