import type { IncomingMessage } from 'node:http';
import type { ServerConfig } from '../config/config.ts';
import type { HttpContext } from './context.ts';
import { sourceAddress } from './source-address.ts';

type Proxies = Pick<ServerConfig, 'trustedProxies'>;

/** The source of a request that the routes see. */
export const requestSource = (c: HttpContext, config: Proxies): string =>
  sourceOf(c.env.incoming, config);

export function sourceOf(incoming: IncomingMessage, { trustedProxies }: Proxies): string {
  const forwarded = incoming.headers['x-forwarded-for'];
  return sourceAddress(
    {
      remoteAddress: incoming.socket.remoteAddress,
      forwardedFor: Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
    },
    trustedProxies,
  );
}
