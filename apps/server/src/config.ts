import { BlockList, isIP } from 'node:net';
import { join, resolve } from 'node:path';
import type { Deadlines, PeopleNames } from '@recourse/registry';
import { readDeadlines } from './deadlines.ts';
import { readProofs, type ProofSettings } from './proofs/settings.ts';
import { ServerError } from './errors.ts';
import { readPeople } from './people-file.ts';

export type Mode = 'sandbox' | 'production';

/** Everything that the environment and the command line decide. Nothing else reads them. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** `aud` of every artefact; what a balancer serves, not what this process listens on */
  readonly origin: string;
  readonly mode: Mode;
  readonly dataDir: string;
  readonly keysDir: string;
  /** The built files of the desks; where there are none, `/desk` is not there */
  readonly deskDir: string;
  /** The service role's PostgreSQL; without it the embedded one in `<dataDir>/postgres` is started */
  readonly databaseUrl?: string;
  /** Who runs migrations; by default whoever `databaseUrl` logs in as */
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
  /** Refused calls that one source address may make in a burst, and per second after it */
  readonly failures: { readonly burst: number; readonly perSecond: number };
  /** `RECOURSE_HOLD_HOURS` and the like, within the bounds that `/policies` publishes */
  readonly deadlines: Deadlines;
  /** How codes are mailed and names are looked up, for creators who prove an identifier */
  readonly proofs: ProofSettings;
  /** What the operator states at `/governance` of itself, and of who pays the panel */
  readonly governance: {
    readonly operator?: string;
    readonly panelPaidBy?: string;
    readonly noticeProcessors?: string;
    readonly people: PeopleNames;
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ServerError `config_invalid`, naming the variable and what it takes */
export function readConfig(env: Environment, args: readonly string[] = []): ServerConfig {
  const unknown = args.find((argument) => argument !== '--init');
  if (unknown !== undefined)
    throw invalid(
      `${unknown} is no option: there is --init, and doctor --ledger as a command of its own.`,
    );
  const port = integer(env, 'RECOURSE_PORT', { preset: 4800, least: 1, most: 65_535 });
  const mode = modeOf(env['RECOURSE_MODE'] || 'sandbox');
  const dataDir = resolve(env['RECOURSE_DATA_DIR'] || '.recourse');
  return {
    host: env['RECOURSE_HOST'] || '127.0.0.1',
    port,
    origin: originOf(env['RECOURSE_ORIGIN'] || `http://localhost:${port}`),
    mode,
    deadlines: readDeadlines(env, mode),
    proofs: readProofs(env),
    dataDir,
    deskDir: resolve(env['RECOURSE_DESK_DIR'] || join(import.meta.dirname, '../../console/dist')),
    keysDir: resolve(env['RECOURSE_KEYS_DIR'] || join(dataDir, 'keys')),
    concurrency: integer(env, 'RECOURSE_CONCURRENCY', { preset: 16, least: 1, most: 1000 }),
    init: args.includes('--init'),
    trustedProxies: proxiesOf(env['RECOURSE_TRUSTED_PROXIES'] || ''),
    matchClassMs: integer(env, 'RECOURSE_MATCH_CLASS_MS', { preset: 16, least: 0, most: 1000 }),
    requestSeconds: integer(env, 'RECOURSE_REQUEST_SECONDS', { preset: 15, least: 1, most: 600 }),
    failures: {
      burst: integer(env, 'RECOURSE_FAILURE_BURST', { preset: 100, least: 1, most: 100_000 }),
      perSecond: integer(env, 'RECOURSE_FAILURES_PER_SECOND', {
        preset: 10,
        least: 1,
        most: 100_000,
      }),
    },
    governance: governanceOf(env),
    ...secretsOf(env),
    ...databaseOf(env),
  };
}

const governanceOf = ({
  RECOURSE_OPERATOR: operator,
  RECOURSE_PANEL_PAID_BY: panelPaidBy,
  RECOURSE_NOTICE_PROCESSORS: noticeProcessors,
  RECOURSE_PEOPLE_FILE: people,
}: Environment): ServerConfig['governance'] => ({
  people: people ? readPeople(people) : {},
  ...(operator ? { operator } : {}),
  ...(panelPaidBy ? { panelPaidBy } : {}),
  ...(noticeProcessors ? { noticeProcessors } : {}),
});

function databaseOf(env: Environment): Partial<ServerConfig> {
  const databaseUrl = env['DATABASE_URL'];
  if (!databaseUrl) return {};
  const databaseOwnerUrl = env['DATABASE_OWNER_URL'] || databaseUrl;
  for (const url of [databaseUrl, databaseOwnerUrl]) {
    // The value holds a password and is never repeated.
    if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
      throw invalid('DATABASE_URL takes postgres://user:password@host:5432/database.');
    }
  }
  return { databaseUrl, databaseOwnerUrl };
}

function secretsOf(env: Environment): Partial<ServerConfig> {
  const seedFile = env['RECOURSE_OPRF_SEED_FILE'];
  const command = env['RECOURSE_OPRF_COMMAND'];
  const vaultFile = env['RECOURSE_VAULT_KEY_FILE'];
  if (seedFile && command) {
    throw invalid('Set RECOURSE_OPRF_SEED_FILE or RECOURSE_OPRF_COMMAND, not both.');
  }
  return {
    ...(seedFile ? { oprfSeedFile: resolve(seedFile) } : {}),
    ...(command ? { oprfCommand: command } : {}),
    ...(vaultFile ? { vaultKeyFile: resolve(vaultFile) } : {}),
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

function integer(
  env: Environment,
  name: string,
  bounds: { preset: number; least: number; most: number },
): number {
  const text = env[name];
  if (!text) return bounds.preset;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.least && value <= bounds.most) return value;
  throw invalid(`${name} takes a whole number from ${bounds.least} to ${bounds.most}.`);
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
