import { dirname, join, resolve } from 'node:path';
import {
  LedgerError,
  parseVerifierKey,
  unwitnessed,
  type VerifierKey,
  type WitnessPolicy,
} from '@recourse/ledger';
import {
  ledgerOrigin,
  logVerifierKey,
  publicJwkSchema,
  thumbprint,
  toBase64url,
  type PublicJwk,
} from '@recourse/protocol';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { getJson } from '../get-json.ts';
import { readConfig } from '../profile/config-file.ts';
import { filePins } from '../profile/pins-file.ts';
import { configPath, profileName, type IdentityOptions } from '../profile/resolve-identity.ts';
import { sandboxRegistry } from '../profile/sandbox.ts';
import { followedPolicy } from './followed-policy.ts';
import { LedgerRefusal } from './ledger-refusal.ts';

export interface LogOptions extends IdentityOptions {
  readonly registry?: string | undefined;
  readonly key?: string | undefined;
  /** Fingerprint of a witness policy */
  readonly policy?: string | undefined;
}

/** A ledger with the key, and the witnesses, that are believed about it. */
export interface TrustedLog {
  /** Where its files are */
  readonly url: string;
  /** Origin of the registry: the audience of every statement in its ledger */
  readonly origin: string;
  /** The name of its log key is the origin of the ledger, `<host>/ledger`; no witnesses where none are pinned */
  readonly policy: WitnessPolicy;
  /** Folder for what is kept about it between two runs */
  readonly dir: string;
}

/**
 * Whose ledger is meant, and which key and witnesses are believed: `--key` and `--policy`, or what the profile pinned at
 * enrolment. The registry's own word decides nothing, except in a sandbox.
 * @throws CliError `usage`, `profile-missing`; LedgerRefusal `log-key-mismatch`, `policy-unknown`
 */
export async function trustedLog(
  options: LogOptions,
  environment: Environment,
): Promise<TrustedLog> {
  const of = await pinned(options, environment);
  const { url, origin } = of;
  const dir =
    options.sandbox === undefined
      ? dirname(configPath(options, environment))
      : resolve(options.sandbox);
  const log = isFingerprint(of.pin) ? await keyOf(of.pin, of) : readVerifierKey(of.pin);
  if (log.name !== ledgerOrigin(origin)) throw new LedgerRefusal('log-key-mismatch');
  if (of.policy === undefined) return { url, origin, dir, policy: unwitnessed(log) };
  const pins = filePins(join(dir, 'pins.json'), origin);
  return { url, origin, dir, policy: await followedPolicy({ url, log, pinned: of.policy, pins }) };
}

interface Pinned {
  readonly url: string;
  readonly origin: string;
  /** Verifier key, or fingerprint, of the log key */
  readonly pin: string;
  readonly policy: string | undefined;
}

async function pinned(options: LogOptions, environment: Environment): Promise<Pinned> {
  const { registry, key, policy, sandbox, url } = options;
  if (registry !== undefined) {
    if (key === undefined) throw noKey;
    const origin = originOf(registry);
    return { url: url ?? origin, origin, pin: key, policy };
  }
  if (sandbox !== undefined) {
    const at = await sandboxRegistry(resolve(sandbox), url);
    return { ...at, pin: key ?? at.logKid, policy: policy ?? at.policy };
  }
  const config = readConfig(configPath(options, environment));
  const profile = config.profiles[profileName(options, environment, config)];
  if (!profile) throw noRegistry;
  const { origin } = profile;
  return {
    url: url ?? profile.url ?? origin,
    origin,
    pin: key ?? profile.logKid,
    policy: policy ?? profile.policy,
  };
}

/** The kid is a hash of the key: the registry may say which key that is, and cannot say another. */
async function keyOf(
  kid: string,
  { url, origin }: Pick<Pinned, 'url' | 'origin'>,
): Promise<VerifierKey> {
  const { logKey } = (await getJson(`${url}/.well-known/recourse`)) as { logKey?: unknown };
  const { data } = publicJwkSchema.safeParse(logKey);
  if (data?.kty !== 'OKP' || thumbprint(data) !== kid) throw new LedgerRefusal('log-key-mismatch');
  return logVerifierKey(origin, data);
}

/** @throws CliError `usage` */
export function readVerifierKey(text: string, option = '--key'): VerifierKey {
  try {
    const key = parseVerifierKey(text);
    if (key.type === 'ed25519') return key;
    throw new LedgerError('key-malformed', 'the key of a witness');
  } catch (cause) {
    throw new CliError(
      'usage',
      {
        message: `${option} is no key of a ledger.`,
        next: 'Give the verifier key as published (host/ledger+id+base64), or the fingerprint in your invite.',
      },
      { cause },
    );
  }
}

export const jwkOf = ({ publicKey }: VerifierKey): PublicJwk => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: toBase64url(publicKey),
});

/** Where a state is kept when no file is named */
export const stateFileOf = ({ dir, origin }: TrustedLog): string =>
  join(dir, `ledger-${new URL(origin).host.replaceAll(/[^a-z0-9.-]/g, '-')}.json`);

const isFingerprint = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

function originOf(registry: string): string {
  const { origin } = URL.canParse(registry) ? new URL(registry) : { origin: 'null' };
  if (origin !== 'null') return origin;
  throw new CliError('usage', {
    message: '--registry is no origin.',
    next: 'Give it as https://registry.example.',
  });
}

const noKey = new CliError('usage', {
  message: '--registry needs --key: a ledger that says itself which key to believe proves nothing.',
  next: 'Give the verifier key, or the fingerprint in an invite, from somebody you trust.',
});

const noRegistry = new CliError('profile-missing', {
  message: 'It is not said whose ledger is meant.',
  next: 'Give --registry and --key, a --profile that you enrolled, or --sandbox .recourse.',
});
