import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { chooseAccount } from './postgres/account.ts';
import { findBinaries } from './postgres/binaries.ts';
import { createCluster, hasCluster } from './postgres/cluster.ts';
import { freePort } from './postgres/free-port.ts';
import {
  type Postmaster,
  runningPort,
  settleFormerPostmaster,
  startPostmaster,
} from './postgres/postmaster.ts';
import { ensureRoles, loadRolePasswords, type RolePasswords } from './postgres/roles.ts';

export { freePort };

/** Where the embedded PostgreSQL lives and how it is set; without `port` a free one below 32768 is taken. */
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
 * Starts the PostgreSQL that came with `npm ci` on 127.0.0.1, as root too, creating its cluster at the first start.
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
  const port = options.port ?? (await freePort());
  const settings = { ...SETTINGS, ...options.settings, port: String(port) };
  const logFile = join(dataDir, 'postgres.log');
  const postmaster = await startPostmaster({ binaries, cluster, logFile, account, settings });
  try {
    progress('preparing');
    await ensureRoles(connection('postgres', port, passwords), passwords);
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
  progress('ready');
  return describe(postmaster, port, passwords);
}

/**
 * Connection of `recourse_service` to the PostgreSQL of a data directory that somebody runs already; undefined when
 * nobody does.
 */
export function runningPostgresUrl(dataDir: string): string | undefined {
  if (!hasCluster(dataDir)) return undefined;
  const port = runningPort(join(realpathSync(dataDir), 'cluster'));
  return port === undefined
    ? undefined
    : connection('recourse_service', port, loadRolePasswords(dataDir));
}

/**
 * Loopback only, no sockets in shared folders. The log must hold no identifier, token or key: no statements, and
 * `terse` leaves out DETAIL, which quotes the values of a violated constraint.
 */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

function describe(
  postmaster: Postmaster,
  port: number,
  passwords: RolePasswords,
): EmbeddedPostgres {
  return {
    ...postmaster,
    url: connection('recourse_service', port, passwords),
    ownerUrl: connection('recourse_owner', port, passwords),
    adminUrl: connection('postgres', port, passwords),
  };
}

function connection(role: keyof RolePasswords, port: number, passwords: RolePasswords): string {
  const database = role === 'postgres' ? 'postgres' : 'recourse';
  return `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`;
}
