import type { LockHolder, SchemaState } from '@recourse/registry';
import { ServerError, type ServerErrorCode } from './errors.ts';
import type { Log } from './log.ts';

/** The oldest PostgreSQL that the schema is tested on. */
const leastPostgres = 17;

/**
 * @param version as `server_version_num` has it: 170004 is 17.4
 * @throws ServerError `postgres_too_old`
 */
export function assertPostgres(version: number): void {
  const major = Math.floor(version / 10_000);
  if (major >= leastPostgres) return;
  throw new ServerError(
    'postgres_too_old',
    `This is PostgreSQL ${major}, and a registry needs ${leastPostgres} or newer: it is tested on these, and their builtin locale keeps every index right when the locales of the system change. Bring it up to date, or set DATABASE_URL to another.`,
  );
}

/**
 * A server works on the schema of its own release and on that of the next, so that servers are replaced one by one.
 * @throws ServerError `schema_missing`, `schema_too_old`, `schema_too_new` or `schema_foreign`
 */
export function assertSchema(schema: SchemaState, log: Pick<Log, 'progress'>): void {
  if (schema.is === 'current') return;
  if (schema.is === 'newer' && schema.unknown.length === 1) {
    log.progress(
      `The schema is one version newer than this server (${schema.unknown[0]}): it works on it. Replace this server next.`,
    );
    return;
  }
  if (schema.is === 'expanded' && schema.missing.length === 1) {
    log.progress(`The schema is not contracted (${schema.missing[0]}): ${howToContract}`);
    return;
  }
  throw new ServerError(...refusalOf(schema));
}

function refusalOf(
  schema: Exclude<SchemaState, { is: 'current' }>,
): [code: ServerErrorCode, message: string] {
  if (schema.is === 'empty')
    return ['schema_missing', `The database has no schema yet: ${howToMigrate}`];
  if (schema.is === 'older') {
    const lacks = schema.missing.join(', ');
    return ['schema_too_old', `The schema of the database lacks ${lacks}: ${howToMigrate}`];
  }
  if (schema.is === 'expanded') {
    const lacks = schema.missing.join(', ');
    return ['schema_too_old', `The schema of the database lacks ${lacks}: ${howToContract}`];
  }
  if (schema.is === 'newer') {
    const { unknown } = schema;
    return [
      'schema_too_new',
      `The schema of the database is ${unknown.length} versions newer than this server (${unknown.join(', ')}): start a server of the newest release.`,
    ];
  }
  return [
    'schema_foreign',
    'No release of Recourse has made the schema of this database: give the registry a database of its own. That of a sandbox is made anew where its data directory is removed.',
  ];
}

/** Why a step did not run, in PostgreSQL's words where it is not for want of a right. */
export function whyNotMigrated(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string };
  const why =
    code === '42501'
      ? 'DATABASE_OWNER_URL must log in as the owner of the database, who may create tables in it'
      : `PostgreSQL says "${message ?? 'nothing'}" (${code ?? 'no code'}). Nothing has changed`;
  return `The schema could not be brought up to date: ${why}.`;
}

const howToMigrate =
  'run `recourse-server migrate` with DATABASE_OWNER_URL, the owner of the database, then start again.';

export const howToContract =
  'run `recourse-server migrate --contract` once no server of the release before runs.';

/** Says who keeps a step of the schema from its lock, while that is tried again. */
export const sayLocked = (holders: readonly LockHolder[], againMs: number): string =>
  `A step waits for its lock: ${whoHolds(holders)}. Calls go on meanwhile; the next try is in ${againMs / 1000} s.`;

export const sayLockedOut = (holders: readonly LockHolder[]): string =>
  `The schema was not changed, since a step never got its lock: ${whoHolds(holders)}. Wait until they are done or end them ` +
  `(${holders.map(({ pid }) => `select pg_terminate_backend(${pid})`).join('; ') || 'see pg_stat_activity'}), then run migrate again. --wait SECONDS tries longer.`;

function whoHolds(holders: readonly LockHolder[]): string {
  const each = holders.map(({ pid, application, forMs }) =>
    pid === 0
      ? 'a prepared transaction (pg_prepared_xacts)'
      : `pid ${pid} (${application === '' ? 'of no name' : application}, for ${Math.round(forMs / 1000)} s)`,
  );
  return each.length === 0 ? 'somebody holds the table' : `${each.join(' and ')} has the table`;
}

/** Codes of the system, of a connection and of PostgreSQL by what an operator does about them; the first that fits. */
const reasons: readonly (readonly [code: RegExp, why: string])[] = [
  [
    /^(08P01|CONNECTION_ROLE)$/,
    'it looks like PgBouncer in transaction mode. Add ?pgbouncer=true to DATABASE_URL.',
  ],
  [
    /^3D/,
    'it runs, and has no database of that name: it was dropped, renamed or never made. Compare the name in DATABASE_URL with what psql -l lists. Make an empty one (docker/roles.sh, or createdb), then restore a backup: docs/operating.md#backup-and-restore.',
  ],
  [
    /^28/,
    'it runs, and refuses the login. Check user and password in DATABASE_URL and DATABASE_OWNER_URL, and pg_hba.conf; of a server the user must be recourse_service, or a member of that role.',
  ],
  [
    /^CONNECTION_READ_ONLY$/,
    'it runs as a standby, or reads alone: no primary is among the hosts of DATABASE_URL now. In a failover wait until one leads, then run this again; otherwise name the primary.',
  ],
  [
    /^57P03$/,
    'it starts, stops or recovers, and takes no connection yet. Wait until pg_isready says so, then run this again. What it waits for is in its log.',
  ],
  [/^57P/, 'it ended the connection: it stops, or an administrator did that. Run this again.'],
  [/^53300$/, 'all its connections are taken. Raise max_connections, or stop what holds them.'],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    'the name of its host stands for no address. Check the host in DATABASE_URL.',
  ],
  [
    /^E[A-Z]+$/,
    'nothing answers there: it is stopped, restarts, or the network is cut. Check host and port in DATABASE_URL, and that it runs. In a failover wait until a primary leads, then run this again.',
  ],
  [
    /^CONNECT/,
    'the connection was lost, or nothing answered in time. Check that it runs and is reached; in a failover wait until a primary leads. Then run this again.',
  ],
];

/**
 * Explains the codes of a connection or of all hosts, and says what to do; a password is blamed where it was refused.
 */
export function whyUnreachable(codes: readonly string[]): string {
  const why = reasons.find(([pattern]) => codes.some((code) => pattern.test(code)))?.[1];
  return why ?? 'its log says why.';
}
