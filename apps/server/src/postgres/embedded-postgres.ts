import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { postgresAddress } from '@recourse/registry';
import { chooseAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { createCluster, hasCluster } from './cluster.ts';
import { freePort } from './free-port.ts';
import {
  type Postmaster,
  type PostgresPlace,
  runningPlace,
  settleFormerPostmaster,
  startPostmaster,
} from './postmaster.ts';
import { ensureRoles, loadRolePasswords, type RolePasswords } from './roles.ts';

export { freePort, postgresAddress };

/**
 * Where the embedded PostgreSQL lives and how it is set. Without `port` it listens on a Unix socket in its own folder; where
 * there are none, or the path is too long for one, on a free port of 127.0.0.1 below 32768.
 */
export interface EmbeddedPostgresOptions {
  dataDir: string;
  port?: number;
  settings?: Record<string, string>;
  onProgress?: (step: EmbeddedPostgresStep) => void;
}

/** The steps of a start, in order; `initialising` only at the first start on a data directory. */
export type EmbeddedPostgresStep = 'initialising' | 'starting' | 'preparing' | 'ready';

/** A running PostgreSQL. `exited` resolves when it is gone, whoever ended it; `stop` waits until it is. */
export interface EmbeddedPostgres {
  /** Connection of `recourse_service`, as which the server works. */
  url: string;
  /** Connection of `recourse_owner`, which owns the schema and runs migrations. */
  ownerUrl: string;
  /** Connection of the superuser, for tests and backups. */
  adminUrl: string;
  pid: number;
  exited: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that came with `npm ci`, as root too, creating its cluster at the first start.
 * Throws a ServerError: `postgres_unsupported_platform`, `postgres_init_failed`, `postgres_start_failed`,
 * `postgres_in_use`, `postgres_no_account`, `postgres_no_free_port`.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const progress = options.onProgress ?? ((): void => undefined);
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(options.dataDir);
  const cluster = join(dataDir, 'cluster');
  const binaries = await findBinaries();
  const account = chooseAccount(cluster);
  const passwords = loadRolePasswords(dataDir);
  if (!hasCluster(dataDir)) {
    progress('initialising');
    await createCluster({ binaries, dataDir, account, password: passwords.postgres });
  }
  progress('starting');
  await settleFormerPostmaster(cluster);
  const place = await placeOf(cluster, options.port);
  const settings = { ...SETTINGS, ...options.settings, ...listening(place) };
  const logFile = join(dataDir, 'postgres.log');
  const postmaster = await startPostmaster({ binaries, cluster, logFile, account, settings });
  try {
    progress('preparing');
    await ensureRoles(connection('postgres', place, passwords), passwords);
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
  progress('ready');
  return describe(postmaster, place, passwords);
}

/** Connection to the PostgreSQL of a data directory that somebody runs already; undefined when nobody does. */
export function runningPostgresUrl(
  dataDir: string,
  role: keyof RolePasswords = 'recourse_service',
): string | undefined {
  if (!hasCluster(dataDir)) return undefined;
  const place = runningPlace(join(realpathSync(dataDir), 'cluster'));
  return place && connection(role, place, loadRolePasswords(dataDir));
}

/** The port is in the name of a socket, and nowhere else. */
const socketPort = 5432;
/** A path of a socket is cut behind these bytes (`sun_path`; macOS has the fewest). */
const mostSocketBytes = 103;

async function placeOf(cluster: string, port: number | undefined): Promise<PostgresPlace> {
  if (port !== undefined) return { port };
  const socket = join(cluster, `.s.PGSQL.${socketPort}`);
  const hasSockets = process.platform !== 'win32' && Buffer.byteLength(socket) <= mostSocketBytes;
  return hasSockets ? { folder: cluster } : { port: await freePort() };
}

/**
 * On a socket in the folder of the cluster, which its account alone may enter: other users of the machine find no port to
 * try passwords at. Never in a shared folder, where somebody else could stand in for it.
 */
const listening = (place: PostgresPlace): Record<string, string> =>
  'folder' in place
    ? {
        listen_addresses: '',
        // Relative to the cluster, whose path may have a comma.
        unix_socket_directories: '.',
        unix_socket_permissions: '0700',
        port: String(socketPort),
      }
    : { listen_addresses: '127.0.0.1', unix_socket_directories: '', port: String(place.port) };

/**
 * The log must hold no identifier, token or key: no statements, and
 * `terse` leaves out DETAIL, which quotes the values of a violated constraint.
 */
const SETTINGS: Record<string, string> = {
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

function describe(
  postmaster: Postmaster,
  place: PostgresPlace,
  passwords: RolePasswords,
): EmbeddedPostgres {
  return {
    ...postmaster,
    url: connection('recourse_service', place, passwords),
    ownerUrl: connection('recourse_owner', place, passwords),
    adminUrl: connection('postgres', place, passwords),
  };
}

function connection(
  role: keyof RolePasswords,
  place: PostgresPlace,
  passwords: RolePasswords,
): string {
  const database = role === 'postgres' ? 'postgres' : 'recourse';
  const user = `${role}:${passwords[role]}`;
  return 'folder' in place
    ? `postgres://${user}@localhost/${database}?host=${encodeURIComponent(place.folder)}`
    : `postgres://${user}@127.0.0.1:${place.port}/${database}`;
}
