import { Kysely } from 'kysely';
import type { Database, Db } from './database.ts';
import { arrayTypes } from './postgres-arrays.ts';
import { postgresAddresses } from './postgres-address.ts';
import { postgresDialect } from './postgres-dialect.ts';
import { Hosts, type HostFigures } from './postgres-hosts.ts';
import { Pool, type PoolFigures } from './postgres-pool.ts';
import type { Session, SessionOptions } from './postgres-session.ts';

/**
 * A handle on any PostgreSQL. With `role`, every connection acts as that role whatever it logged in as.
 * `connections` bounds the pool: work beyond them waits its turn for ten seconds. The URL may name several
 * hosts, or a pooler: see `postgresAddresses`. Whatever is asked of it settles: with
 * `ConnectionError` in some seconds when PostgreSQL or the line to it is gone.
 */
export function connect(options: { url: string; connections?: number; role?: string }): Db {
  const { url, role } = options;
  const addresses = postgresAddresses(url);
  const { isPooled } = addresses;
  const asServer = role === undefined ? {} : { role, ...shortStatements, ...impatience };
  const pool = new Pool({
    size: options.connections ?? 10,
    hosts: new Hosts(addresses),
    work: sessionOptions({ ...(isPooled ? {} : asServer), isPooled }),
    look: sessionOptions({ isPooled }),
    longestMs: role === undefined ? undefined : impatience.statement_timeout + 5_000,
    isPooled,
    inTransactions: isPooled ? localSettings(asServer) : '',
  });
  const db = new Kysely<Database>({ dialect: postgresDialect(pool) });
  pools.set(db, pool);
  return db;
}

/**
 * A connection of its own, for what Kysely cannot say, such as COPY; nothing bounds its statements.
 * @throws ConnectionError, or the error of PostgreSQL that refuses the login
 */
export function openSession(url: string): Promise<Session> {
  const addresses = postgresAddresses(url);
  return new Hosts(addresses).open(sessionOptions({ isPooled: addresses.isPooled }));
}

const pools = new WeakMap<Db, Pool>();

/** Where a handle that `connect` returned finds PostgreSQL, and where it does not. */
export const hostsOf = (db: Db): HostFigures => pools.get(db)?.hosts ?? { failed: [] };

/** Connections of a handle that `connect` returned; none of any other. */
export const connectionsOf = (db: Db): PoolFigures | undefined => pools.get(db)?.figures;

/**
 * Statements of a server are short: to compile one, or to start workers for it, takes longer than to run it. They look few
 * rows up. A plan that was made while a table was small would read all of it for as long as the connection lives.
 * postgres.js drops a 0.
 */
const shortStatements = {
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  enable_seqscan: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/** Milliseconds after which a server gives up on a lock, a statement or a transaction it forgot: 503, not silence. */
const impatience = {
  lock_timeout: 10_000,
  statement_timeout: 60_000,
  idle_in_transaction_session_timeout: 60_000,
};

/** A pooler of transactions takes no parameters at the start of a connection, and knows no prepared statements by default. */
const sessionOptions = ({
  isPooled,
  ...parameters
}: { isPooled: boolean } & Record<string, string | number | boolean>): SessionOptions => ({
  onnotice: () => {},
  prepare: !isPooled,
  types: {
    bigint: { to: 20, from: [20], serialize: String, parse: wholeNumber },
    ...arrayTypes(wholeNumber),
  },
  connection: { application_name: 'recourse', ...parameters },
});

/** Makes the settings of a session hold for one transaction: the next one of this session may be somebody else's. */
const localSettings = (parameters: Record<string, string | number>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `; set local ${name} = '${value}'`)
    .join('');

/** PostgreSQL's bigint holds epochs and sequence numbers here, never more than 2^53. */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint beyond 2^53');
  return value;
}
