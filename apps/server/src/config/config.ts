import { BlockList, isIP } from 'node:net';
import { join } from 'node:path';
import { postgresAddresses, type Deadlines, type PeopleNames } from '@recourse/registry';
import { readDeadlines } from './deadlines.ts';
import { heapsOf, type HeapSettings } from './heap-settings.ts';
import { outsideOf, type OutsideSettings } from './outside-settings.ts';
import { readProofs, type ProofSettings } from './proof-settings.ts';
import { ServerError } from '../errors.ts';
import type { LogFormat } from '../log.ts';
import { readPeople } from '../people-file.ts';
import {
  asPath,
  asProgram,
  asText,
  integer,
  readSettings,
  wholeNumberIn,
  withoutPassword,
  type Environment,
  type Settings,
} from './settings.ts';
import { tracesOf } from './trace-settings.ts';

export type Mode = 'sandbox' | 'production';

/**
 * Work of a server: `api` answers; `worker` moves and signs the log, does what is due, delivers, and publishes prefix
 * sets; `all` does both.
 */
export type ServerRole = 'api' | 'worker' | 'all';

/** Everything that the environment and the command line decide. Nothing else reads them. */
export interface ServerConfig extends OutsideSettings, HeapSettings {
  readonly host: string;
  readonly port: number;
  /** `aud` of every artefact; what a balancer serves, not what this process listens on */
  readonly origin: string;
  readonly mode: Mode;
  readonly role: ServerRole;
  readonly dataDir: string;
  readonly keysDir: string;
  /** The built files of the desks; where there are none, `/desk` is not there */
  readonly deskDir: string;
  /** The service role's PostgreSQL; without it the embedded one in `<dataDir>/postgres` is started */
  readonly databaseUrl?: string;
  /** URL of the role that runs migrations; by default whoever `databaseUrl` logs in as */
  readonly databaseOwnerUrl?: string;
  /** Calls in flight at once; other work has a quarter as many places of each kind (`http/queues.ts`) */
  readonly concurrency: number;
  readonly oprfSeedFile?: string;
  /** Run without a shell; prints the seed */
  readonly oprfCommand?: string;
  readonly vaultKeyFile?: string;
  /** The smallest time class of answers to `checks.match`, in milliseconds; 0 for none */
  readonly matchClassMs: number;
  /** Create the secrets that are missing; a sandbox always does */
  readonly init: boolean;
  /** Proxies whose X-Forwarded-For is believed */
  readonly trustedProxies: BlockList;
  /** Seconds within which a request must have arrived whole */
  readonly requestSeconds: number;
  /** Where `/metrics` listens, if anywhere */
  readonly metrics?: { readonly host: string; readonly port: number };
  /** Whether spans go to a collector of OpenTelemetry, whose own variables say where and how */
  readonly traces: boolean;
  /** From the signal to stop until no connection is taken any more: a balancer finds out meanwhile */
  readonly drainSeconds: number;
  /** How long a start waits for what comes back by itself: PostgreSQL, the shared folder */
  readonly startWaitSeconds: number;
  /** Refused calls that one source address may make in a burst, and per second after it */
  readonly failures: { readonly burst: number; readonly perSecond: number };
  /** `RECOURSE_HOLD_HOURS` and the like, within the bounds that `/policies` publishes */
  readonly deadlines: Deadlines;
  /** How codes are mailed and names are looked up, for creators who prove an identifier */
  readonly proofs: ProofSettings;
  /** Statements of the operator at `/governance` about itself, and about who pays the panel */
  readonly governance: {
    readonly operator?: string;
    readonly panelPaidBy?: string;
    readonly noticeProcessors?: string;
    readonly people: PeopleNames;
  };
}

/**
 * How the process logs: production as JSON, unless somebody reads along.
 * @throws ServerError `config_invalid`
 */
export function readLogFormat(env: Environment, isTerminal: boolean): LogFormat {
  const usual = env['RECOURSE_MODE'] === 'production' && !isTerminal ? 'json' : 'text';
  return readSettings(env, logFormatOf) ?? usual;
}

const logFormatOf = (env: Settings): LogFormat | undefined =>
  env.find('RECOURSE_LOG_FORMAT', { read: logFormatIn });

function logFormatIn(text: string): LogFormat {
  if (text === 'text' || text === 'json') return text;
  throw invalid('RECOURSE_LOG_FORMAT takes text or json.');
}

/** @throws ServerError `config_invalid`, with a line for each variable that cannot be used, and what it takes */
export function readConfig(env: Environment, args: readonly string[] = []): ServerConfig {
  const { init, role } = optionsIn(args);
  return readSettings(role === undefined ? env : { ...env, RECOURSE_ROLE: role }, (settings) =>
    configOf(settings, { init }),
  );
}

function optionsIn([option, ...rest]: readonly string[]): { init: boolean; role?: string } {
  if (option === undefined) return { init: false };
  if (option === '--init') return { ...optionsIn(rest), init: true };
  const [role, ...others] = rest;
  if (option === '--role' && role !== undefined) return { ...optionsIn(others), role };
  throw invalid(
    `${option} is no option: there are --init and --role api|worker|all. --help lists the commands.`,
  );
}

/** Reads the environment. The settings tell what cannot be used. */
export function configOf(env: Settings, { init = false } = {}): ServerConfig {
  const mode = env.take('RECOURSE_MODE', { preset: 'sandbox', read: modeOf });
  const host = env.take('RECOURSE_HOST', { preset: '127.0.0.1', ...asText });
  const port = integer(env, 'RECOURSE_PORT', { preset: 4800, least: 1, most: 65_535 });
  const preset = `http://localhost:${port}`;
  const origin = env.take('RECOURSE_ORIGIN', { preset, isDerived: true, read: originOf });
  // Read again where the process begins to log.
  logFormatOf(env);
  const dataDir = env.take('RECOURSE_DATA_DIR', { preset: '.recourse', ...asPath });
  return {
    host,
    port,
    origin,
    mode,
    role: roleOf(env),
    deadlines: readDeadlines(env, mode),
    proofs: readProofs(env),
    dataDir,
    deskDir: env.take('RECOURSE_DESK_DIR', { preset: builtDesk, ...asPath }),
    concurrency: integer(env, 'RECOURSE_CONCURRENCY', { preset: 16, least: 1, most: 1000 }),
    init,
    trustedProxies: env.find('RECOURSE_TRUSTED_PROXIES', { read: proxiesOf }) ?? new BlockList(),
    matchClassMs: integer(env, 'RECOURSE_MATCH_CLASS_MS', { preset: 16, least: 0, most: 1000 }),
    requestSeconds: integer(env, 'RECOURSE_REQUEST_SECONDS', { preset: 15, least: 1, most: 600 }),
    drainSeconds: integer(env, 'RECOURSE_DRAIN_SECONDS', {
      preset: mode === 'production' ? 5 : 0,
      least: 0,
      most: 600,
    }),
    startWaitSeconds: integer(env, 'RECOURSE_START_WAIT_SECONDS', {
      preset: 300,
      least: 0,
      most: 86_400,
    }),
    failures: {
      burst: integer(env, 'RECOURSE_FAILURE_BURST', { preset: 100, least: 1, most: 100_000 }),
      perSecond: integer(env, 'RECOURSE_FAILURES_PER_SECOND', {
        preset: 10,
        least: 1,
        most: 100_000,
      }),
    },
    ...heapsOf(env),
    governance: governanceOf(env),
    traces: tracesOf(env),
    ...secretsOf(env, dataDir),
    ...databaseOf(env),
    ...metricsOf(env),
    ...outsideOf(env),
  };
}

function metricsOf(env: Settings): Pick<ServerConfig, 'metrics'> {
  const name = 'RECOURSE_METRICS_PORT';
  const port = env.find(name, { read: wholeNumberIn(name, { least: 1, most: 65_535 }) });
  const host = env.take('RECOURSE_METRICS_HOST', { preset: '127.0.0.1', ...asText });
  return port === undefined ? {} : { metrics: { host, port } };
}

function roleOf(env: Settings): ServerRole {
  const role = env.take('RECOURSE_ROLE', { preset: 'all', read: roleIn });
  if (role !== 'all' && !env.has('DATABASE_URL'))
    env.refuse(
      'RECOURSE_ROLE api and worker need DATABASE_URL: one server has the embedded PostgreSQL.',
    );
  return role;
}

function roleIn(text: string): ServerRole {
  if (text === 'api' || text === 'worker' || text === 'all') return text;
  throw invalid('RECOURSE_ROLE takes api, worker or all.');
}

const builtDesk = join(import.meta.dirname, '../../../console/dist');

function governanceOf(env: Settings): ServerConfig['governance'] {
  const operator = env.find('RECOURSE_OPERATOR', asText);
  const panelPaidBy = env.find('RECOURSE_PANEL_PAID_BY', asText);
  const noticeProcessors = env.find('RECOURSE_NOTICE_PROCESSORS', asText);
  return {
    people: env.find('RECOURSE_PEOPLE_FILE', { read: readPeople }) ?? {},
    ...(operator ? { operator } : {}),
    ...(panelPaidBy ? { panelPaidBy } : {}),
    ...(noticeProcessors ? { noticeProcessors } : {}),
  };
}

function databaseOf(env: Settings): Pick<ServerConfig, 'databaseUrl' | 'databaseOwnerUrl'> {
  const url = databaseIn(env, 'DATABASE_URL');
  const owner = databaseIn(env, 'DATABASE_OWNER_URL', url);
  return url === undefined ? {} : { databaseUrl: url, databaseOwnerUrl: owner ?? url };
}

/** The value holds a password and is never repeated. */
function databaseIn(env: Settings, name: string, otherwise?: string): string | undefined {
  const read = (text: string): string => {
    try {
      postgresAddresses(text);
      return text;
    } catch {
      throw invalid(
        `${name} takes postgres://user:password@host:5432/database, or several hosts: @a:5432,b:5432/database.`,
      );
    }
  };
  return env.find(name, { read, shown: withoutPassword, otherwise });
}

function secretsOf(
  env: Settings,
  dataDir: string,
): Pick<ServerConfig, 'keysDir' | 'oprfSeedFile' | 'oprfCommand' | 'vaultKeyFile'> {
  const keys = { preset: join(dataDir, 'keys'), isDerived: true, ...asPath };
  const keysDir = env.take('RECOURSE_KEYS_DIR', keys);
  const inKeys = (name: string) => ({ ...asPath, otherwise: join(keysDir, name) });
  const vaultKeyFile = env.find('RECOURSE_VAULT_KEY_FILE', inKeys('vault.key'));
  const oprfCommand = env.find('RECOURSE_OPRF_COMMAND', asProgram);
  const seed = oprfCommand ? asPath : inKeys('oprf.seed');
  const oprfSeedFile = env.find('RECOURSE_OPRF_SEED_FILE', seed);
  if (oprfSeedFile && oprfCommand) {
    env.refuse('Set RECOURSE_OPRF_SEED_FILE or RECOURSE_OPRF_COMMAND, not both.');
  }
  return {
    keysDir,
    ...(oprfSeedFile ? { oprfSeedFile } : {}),
    ...(oprfCommand ? { oprfCommand } : {}),
    ...(vaultKeyFile ? { vaultKeyFile } : {}),
  };
}

function modeOf(text: string): Mode {
  if (text === 'sandbox' || text === 'production') return text;
  throw invalid('RECOURSE_MODE takes sandbox or production.');
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin = url !== undefined && url.origin === text.replace(/\/$/, '');
  if (!isOrigin || !['http:', 'https:'].includes(url.protocol)) {
    throw invalid('RECOURSE_ORIGIN takes an origin such as https://registry.example, no path.');
  }
  return url.origin;
}

function proxiesOf(text: string): BlockList {
  const list = new BlockList();
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [address = '', prefix] = entry.split('/');
    const version = isIP(address);
    const bits = prefix === undefined ? (version === 6 ? 128 : 32) : Number(prefix);
    try {
      list.addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4');
    } catch {
      throw invalid('RECOURSE_TRUSTED_PROXIES takes addresses or networks: 10.0.0.2,fd00::/8.');
    }
  }
  return list;
}

const invalid = (message: string): ServerError => new ServerError('config_invalid', message);
