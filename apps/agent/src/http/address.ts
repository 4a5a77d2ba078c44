import { resolve } from 'node:path';
import { AgentError } from '../errors.ts';

/** Where the agent listens. */
export type Address =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/** Reads `host:port`, `[::1]:port` or `unix:PATH`. @throws AgentError `usage` */
export function readAddress(text: string, option: string): Address {
  if (text.startsWith('unix:') && text.length > 5)
    return { kind: 'unix', path: resolve(text.slice(5)) };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port < 65_536) return { kind: 'tcp', host, port };
  throw new AgentError('usage', {
    message: `${option} is no address.`,
    next: `Give a host and a port, or a socket: ${option} 127.0.0.1:4810, ${option} unix:/run/recourse/agent.sock.`,
  });
}

/** Only processes of this machine get there; what a name stands for is known to the resolver alone, but for localhost. */
export const isLocal = (address: Address): boolean =>
  address.kind === 'unix' || isLoopbackHost(address.host);

export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);

/** Where browsers open the desks of an agent on loopback: by name, since passkeys know no addresses. */
export const deskUrlOf = (at: string): string =>
  `${at.replace(/^http:\/\/(127\.0\.0\.1|\[::1\])(?=:)/, 'http://localhost')}/desk/`;

export const urlOf = ({ host, port }: Extract<Address, { kind: 'tcp' }>): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
