import { isIP } from 'node:net';

/** One place where PostgreSQL may be, as postgres.js takes it. */
export interface PostgresAddress {
  readonly url: string;
  readonly options: { readonly path?: string; readonly ssl?: { readonly host: string } };
}

/** The content of a connection URL: a place or several, and what to expect of them. */
export interface PostgresAddresses {
  readonly places: readonly [PostgresAddress, ...PostgresAddress[]];
  /** A place that takes no writes is passed over: of several, a standby, or a former primary */
  readonly mustWrite: boolean;
  /** Behind a pooler of transactions (`pgbouncer=true`): nothing of a session outlives a transaction */
  readonly isPooled: boolean;
}

/**
 * Reads `postgres://user:password@a:5432,b:5432/database`, as libpq does: the hosts are tried in their order.
 * `target_session_attrs` takes `read-write`, `primary` or `any`; of several hosts it is `read-write` by itself.
 * @throws TypeError where it is no such URL
 */
export function postgresAddresses(url: string): PostgresAddresses {
  const [, scheme, login = '', hosts = '', rest = ''] =
    /^(postgres(?:ql)?:\/\/)([^/?#]*@)?([^/?#]*)(.*)$/s.exec(url) ?? [];
  if (scheme === undefined) throw new TypeError('no URL of a PostgreSQL');
  const [first, ...others] = hosts
    .split(',')
    .map((host) => parsed(`${scheme}${login}${host}${rest}`));
  if (first === undefined) throw new TypeError('no host');
  const { attrs = others.length > 0 ? 'read-write' : 'any', isPooled } = first;
  if (!['any', 'read-write', 'primary'].includes(attrs))
    throw new TypeError('target_session_attrs');
  return {
    places: [first.place, ...others.map(({ place }) => place)],
    mustWrite: attrs !== 'any',
    isPooled,
  };
}

/** The first place of a URL. postgres.js reads no Unix socket from one: `?host=/folder`, as libpq has it, is its path. */
export const postgresAddress = (url: string): PostgresAddress => postgresAddresses(url).places[0];

function parsed(text: string): { place: PostgresAddress; attrs?: string; isPooled: boolean } {
  const url = new URL(text);
  const query = url.searchParams;
  const attrs = query.get('target_session_attrs');
  const isPooled = query.get('pgbouncer') === 'true';
  const folder = query.get('host');
  const isSocket = folder?.startsWith('/') === true;
  const ours = ['target_session_attrs', 'pgbouncer', ...(isSocket ? ['host'] : [])];
  const found = ours.filter((name) => query.has(name));
  for (const name of found) query.delete(name);
  const path = `${folder}/.s.PGSQL.${url.port || '5432'}`;
  const options = isSocket ? { path } : verifiedAddress(url);
  return {
    place: { url: found.length > 0 ? url.href : text, options },
    ...(attrs === null ? {} : { attrs }),
    isPooled,
  };
}

/** postgres.js names no host to TLS that is an address, so that a certificate for the address would be refused. */
function verifiedAddress({ hostname, searchParams }: URL): PostgresAddress['options'] {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const isVerified = searchParams.get('sslmode') === 'verify-full';
  return isVerified && isIP(host) > 0 ? { ssl: { host } } : {};
}
