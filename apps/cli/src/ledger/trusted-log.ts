import { dirname, join, resolve } from 'node:path';
import { LedgerError, parseVerifierKey, type VerifierKey } from '@recourse/ledger';
import {
  fromBase64url,
  ledgerOrigin,
  publicJwkSchema,
  thumbprint,
  toBase64url,
  type PublicJwk,
} from '@recourse/protocol';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { getJson } from '../get-json.ts';
import { readConfig } from '../profile/config-file.ts';
import { configPath, profileName, type IdentityOptions } from '../profile/resolve-identity.ts';
import { sandboxRegistry } from '../profile/sandbox.ts';
import { LedgerRefusal } from './ledger-refusal.ts';

export interface LogOptions extends IdentityOptions {
  readonly registry?: string | undefined;
  readonly key?: string | undefined;
}

/** A ledger with the key that is believed about it. */
export interface TrustedLog {
  /** Where its files are */
  readonly url: string;
  /** Origin of the registry: the audience of every statement in its ledger */
  readonly origin: string;
  /** Its name is the origin of the ledger, `<host>/ledger` */
  readonly key: VerifierKey;
  /** Folder for what is kept about it between two runs */
  readonly dir: string;
}

/**
 * Whose ledger is meant, and which key is believed: `--key`, or what the profile pinned at enrolment. The registry's own
 * word decides nothing, except in a sandbox.
 * @throws CliError `usage`, `profile-missing`; LedgerRefusal `log-key-mismatch`
 */
export async function trustedLog(
  options: LogOptions,
  environment: Environment,
): Promise<TrustedLog> {
  const { url, origin, pin } = await pinned(options, environment);
  const dir =
    options.sandbox === undefined
      ? dirname(configPath(options, environment))
      : resolve(options.sandbox);
  if (isKid(pin)) return { url, origin, dir, key: await keyOf(pin, { url, origin }) };
  const key = readVerifierKey(pin);
  if (key.name !== ledgerOrigin(origin)) throw new LedgerRefusal('log-key-mismatch');
  return { url, origin, dir, key };
}

async function pinned(
  options: LogOptions,
  environment: Environment,
): Promise<{ url: string; origin: string; pin: string }> {
  const { registry, key, sandbox, url } = options;
  if (registry !== undefined) {
    if (key === undefined) throw noKey;
    const origin = originOf(registry);
    return { url: url ?? origin, origin, pin: key };
  }
  if (sandbox !== undefined) {
    const at = await sandboxRegistry(resolve(sandbox), url);
    return { url: at.url, origin: at.origin, pin: key ?? at.logKid };
  }
  const config = readConfig(configPath(options, environment));
  const profile = config.profiles[profileName(options, environment, config)];
  if (!profile) throw noRegistry;
  const { origin } = profile;
  return { url: url ?? profile.url ?? origin, origin, pin: key ?? profile.logKid };
}

/** The kid is a hash of the key: the registry may say which key that is, and cannot say another. */
async function keyOf(
  kid: string,
  { url, origin }: { url: string; origin: string },
): Promise<VerifierKey> {
  const { logKey } = (await getJson(`${url}/.well-known/recourse`)) as { logKey?: unknown };
  const { data } = publicJwkSchema.safeParse(logKey);
  if (data?.kty !== 'OKP' || thumbprint(data) !== kid) throw new LedgerRefusal('log-key-mismatch');
  return { name: ledgerOrigin(origin), type: 'ed25519', publicKey: fromBase64url(data.x) };
}

/** @throws CliError `usage` */
export function readVerifierKey(text: string): VerifierKey {
  try {
    const key = parseVerifierKey(text);
    if (key.type === 'ed25519') return key;
    throw new LedgerError('key-malformed', 'the key of a witness');
  } catch (cause) {
    throw new CliError(
      'usage',
      {
        message: '--key is no key of a ledger.',
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

const isKid = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

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
