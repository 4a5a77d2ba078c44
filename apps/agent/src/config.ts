import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AgentError } from './errors.ts';
import { isLocal, readAddress, type Address } from './http/address.ts';
import { options, type Option, type OptionName } from './options.ts';
import { keyRoles, type KeyRole } from './profile/profile.ts';
import { parseSecretSource, type SecretSource } from './secrets/secret-source.ts';
import { readWebhookUrl } from './events/webhook-address.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface CheckConfig {
  /** A registry that takes longer is away */
  readonly withinMs: number;
  /** Nothing is answered sooner */
  readonly settleAfterMs: number;
  readonly alwaysMatch: boolean;
}

export interface WebhookConfig {
  readonly url: URL;
  /** Also private addresses; without it this machine alone */
  readonly allowPrivate: boolean;
  readonly secret: SecretSource;
}

export interface WitnessConfig {
  /** As `recourse witness keygen` wrote it */
  readonly keyFile: string;
  /** Verifier keys of the logs */
  readonly logs: readonly string[];
  /** Begins its state; there is none yet */
  readonly begin: boolean;
  readonly address: Extract<Address, { kind: 'tcp' }>;
}

/** Everything that flags and the environment decide. Nothing else reads them. */
export interface AgentConfig {
  readonly configFile: string;
  readonly profile: string | undefined;
  /** A party of a sandbox on this machine, instead of a profile */
  readonly sandbox: { readonly directory: string; readonly as: string } | undefined;
  /** Where to reach the registry, when that is not its origin */
  readonly url: string | undefined;
  readonly stateDirectory: string;
  readonly address: Address;
  /** Where the built files of the desks are, if it serves them */
  readonly deskDir: string | undefined;
  /** Names by which services reach it, beside those of this machine */
  readonly hosts: readonly string[];
  /** `none`: whatever reaches the address may ask. Where nothing is said, a file of the state holds it */
  readonly token: SecretSource | 'none' | undefined;
  /** Instead of the key files of the profile */
  readonly keys: Readonly<Partial<Record<KeyRole, SecretSource>>>;
  readonly outboxKey: SecretSource | undefined;
  /** Between two questions for events */
  readonly pollSeconds: number;
  readonly checks: CheckConfig;
  readonly webhook: WebhookConfig | undefined;
  /** Sources of webhooks, as a file */
  readonly inboxFile: string | undefined;
  readonly witness: WitnessConfig | undefined;
  readonly environment: Environment;
}

/** @throws AgentError `usage`, naming the option and what it takes */
export function readConfig(args: readonly string[], environment: Environment): AgentConfig {
  const given = new Settings(args, environment);
  const address = readAddress(given.one('listen') ?? '127.0.0.1:4810', '--listen');
  const inbox = given.one('inbox');
  return {
    configFile: resolve(
      given.one('config') ?? join(configHome(environment), 'recourse/config.json'),
    ),
    profile: given.one('profile') ?? (environment['RECOURSE_PROFILE'] || undefined),
    sandbox: sandboxOf(given),
    url: given.one('url'),
    stateDirectory: resolve(given.one('state') ?? join(stateHome(environment), 'recourse-agent')),
    address,
    deskDir: deskDirOf(given, address),
    hosts: given.many('host'),
    token: tokenOf(given),
    keys: keysOf(given),
    outboxKey: given.secret('outbox-key'),
    pollSeconds: wholeNumber(given, 'poll-seconds', { preset: 10, least: 1, most: 3_600 }),
    checks: {
      withinMs: wholeNumber(given, 'within-ms', { preset: 3_000, least: 1, most: 60_000 }),
      settleAfterMs: wholeNumber(given, 'settle-ms', { preset: 0, least: 0, most: 60_000 }),
      alwaysMatch: given.isSet('always-match'),
    },
    webhook: webhookOf(given),
    inboxFile: inbox === undefined ? undefined : resolve(inbox),
    witness: witnessOf(given),
    environment,
  };
}

/** Values that were given for each option: flags first, then its variable. */
class Settings {
  readonly #values: Readonly<Partial<Record<string, string | boolean | (string | boolean)[]>>>;
  readonly #environment: Environment;

  constructor(args: readonly string[], environment: Environment) {
    this.#environment = environment;
    this.#values = parsed(args);
  }

  /** Several in one variable are separated by spaces. */
  many(name: OptionName): string[] {
    const value = this.#values[name];
    if (value !== undefined) return [value].flat().map(String);
    const variable = this.#environment[variableOf(name)];
    return variable ? variable.split(/\s+/).filter((part) => part !== '') : [];
  }

  one(name: OptionName): string | undefined {
    const value = this.#values[name];
    const text = value === undefined ? this.#environment[variableOf(name)] : [value].flat().at(-1);
    return text === undefined || text === '' ? undefined : String(text);
  }

  isSet(name: OptionName): boolean {
    return ['true', '1', 'yes'].includes(this.one(name) ?? '');
  }

  secret(name: OptionName): SecretSource | undefined {
    const text = this.one(name);
    return text === undefined ? undefined : parseSecretSource(text, `--${name}`);
  }
}

function parsed(args: readonly string[]) {
  const all: readonly [string, Option][] = Object.entries(options);
  const known = all.map(([name, { takes, several = false }]) => [
    name,
    { type: takes === undefined ? 'boolean' : 'string', multiple: several },
  ]);
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(known) }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'The command line does not fit.';
    throw new AgentError('usage', { message, next: 'See recourse-agent --help.' }, { cause });
  }
}

/** `--listen` is `RECOURSE_AGENT_LISTEN`. */
const variableOf = (name: string): string =>
  `RECOURSE_AGENT_${name.toUpperCase().replaceAll('-', '_')}`;

function tokenOf(settings: Settings): AgentConfig['token'] {
  const token = settings.secret('token');
  if (!settings.isSet('no-token')) return token;
  if (token === undefined) return 'none';
  throw usage('--token and --no-token exclude each other.', 'Leave one of them out.');
}

function deskDirOf(settings: Settings, address: Address): string | undefined {
  if (!settings.isSet('desk')) return undefined;
  if (address.kind === 'tcp' && isLocal(address)) {
    return join(import.meta.dirname, '../../console/dist');
  }
  throw usage(
    '--desk needs an address of this machine.',
    'Browsers keep keys for localhost, or behind TLS: --listen 127.0.0.1:4810.',
  );
}

function sandboxOf(settings: Settings): AgentConfig['sandbox'] {
  const [directory, as] = [settings.one('sandbox'), settings.one('as')];
  if (directory === undefined && as === undefined) return undefined;
  if (directory !== undefined && as !== undefined) return { directory: resolve(directory), as };
  throw usage(
    '--sandbox and --as go together.',
    'Say which and as whom: --sandbox .recourse --as Harbour.',
  );
}

function keysOf(settings: Settings): AgentConfig['keys'] {
  const entries = settings.many('key').map((text) => {
    const [, name, source] = /^([a-z]+)=(.+)$/s.exec(text) ?? [];
    const role = keyRoles.find((known) => known === name);
    if (role === undefined || source === undefined) {
      throw usage(
        '--key is not ROLE=SOURCE.',
        `Give one of ${keyRoles.join(', ')}: --key trust=file:trust.json.`,
      );
    }
    return [role, parseSecretSource(source, '--key')] as const;
  });
  return Object.fromEntries(entries);
}

function webhookOf(settings: Settings): WebhookConfig | undefined {
  const url = settings.one('webhook');
  if (url === undefined) return undefined;
  const secret = settings.secret('webhook-secret');
  const allowPrivate = settings.isSet('webhook-private');
  if (secret) return { url: readWebhookUrl(url, allowPrivate), allowPrivate, secret };
  throw usage(
    '--webhook needs --webhook-secret.',
    'Whoever receives events must know that they are from here: --webhook-secret file:PATH.',
  );
}

function witnessOf(settings: Settings): WitnessConfig | undefined {
  const keyFile = settings.one('witness-key');
  const logs = settings.many('witness-log');
  if (keyFile === undefined) return undefined;
  if (logs.length === 0) {
    throw usage(
      '--witness-key needs --witness-log.',
      'Give the verifier key of the ledger: host/ledger+id+base64.',
    );
  }
  const address = readAddress(
    settings.one('witness-listen') ?? '127.0.0.1:8470',
    '--witness-listen',
  );
  if (address.kind === 'tcp')
    return { keyFile: resolve(keyFile), logs, begin: settings.isSet('witness-begin'), address };
  throw usage(
    '--witness-listen is no host and port.',
    'Registries ask it over HTTP: --witness-listen 127.0.0.1:8470.',
  );
}

function wholeNumber(
  settings: Settings,
  name: OptionName,
  bounds: { preset: number; least: number; most: number },
): number {
  const text = settings.one(name);
  if (text === undefined) return bounds.preset;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.least && value <= bounds.most) return value;
  throw usage(
    `--${name} takes a whole number from ${bounds.least} to ${bounds.most}.`,
    'Correct it, or leave it out.',
  );
}

const configHome = (environment: Environment): string =>
  environment['XDG_CONFIG_HOME'] || join(homedir(), '.config');

const stateHome = (environment: Environment): string =>
  environment['XDG_STATE_HOME'] || join(homedir(), '.local/state');

const usage = (message: string, next: string): AgentError =>
  new AgentError('usage', { message, next });
