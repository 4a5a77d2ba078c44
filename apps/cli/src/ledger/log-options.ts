import { dirname, join, resolve } from 'node:path';
import {
  encodeVerifierKey,
  LedgerError,
  parseVerifierKey,
  unwitnessed,
  type VerifierKey,
  type WitnessPolicy,
} from '@recourse/ledger';
import { assertKeyOf, followPolicy, logKeyOf, type TrustedLog } from '@recourse/verify';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { optional, text } from '../options.ts';
import { readConfig } from '../profile/config-file.ts';
import { filePins } from '../profile/identity.ts';
import { wellKnown } from '../profile/registry-documents.ts';
import { configPath, profileName, type IdentityOptions } from '../profile/resolve-identity.ts';
import { sandboxRegistry } from '../profile/sandbox.ts';
import { logSource } from './mirror-folder.ts';

export interface LogOptions extends IdentityOptions {
  readonly registry?: string | undefined;
  readonly key?: string | undefined;
  /** Fingerprint of a witness policy */
  readonly policy?: string | undefined;
}

/** Say whose ledger is meant, and what is believed about it. */
export const logFlags = {
  registry: optional(text('url', 'its origin; with --key, and no profile is needed')),
  key: optional(
    text(
      'key',
      'the ledger key to believe, host/ledger+id+base64, or its fingerprint as in an invite',
    ),
  ),
  policy: optional(text('fingerprint', 'of the witness policy to believe, as in an invite')),
} as const;

/** `logFlags` for what goes on from an earlier run. */
export const stateFlags = {
  ...logFlags,
  state: optional(
    text('file', 'what is kept between runs: how far it was read, and the newest checkpoint'),
  ),
} as const;

/** A ledger that is believed as far as its policy goes, and where this machine has to do with it. */
export interface ChosenLog extends TrustedLog {
  /** Where its files are */
  readonly url: string;
  /** Folder for what is kept about it between two runs */
  readonly dir: string;
}

/**
 * Finds the ledger that is meant, and the key and witnesses to believe: `--key` and `--policy`, or what the profile
 * pinned at enrolment. The registry's own word decides nothing, except in a sandbox.
 * @throws CliError `usage`, `profile-missing`; VerifyError `log-key-mismatch`, `policy-unknown`
 */
export async function trustedLog(
  options: LogOptions,
  environment: Environment,
): Promise<ChosenLog> {
  const given = await pinned(options, environment);
  const { url, origin, pin } = given;
  const dir =
    options.sandbox === undefined
      ? dirname(configPath(options, environment))
      : resolve(options.sandbox);
  const log = isFingerprint(pin)
    ? logKeyOf(await wellKnown(url), { origin, kid: pin })
    : readVerifierKey(pin);
  assertKeyOf(origin, log);
  const policy =
    given.policy === undefined
      ? unwitnessed(log)
      : await followed(given.policy, { ...given, log, dir });
  return { url, origin, dir, policy };
}

/** How far the policies were followed is kept with the pins. */
async function followed(
  pin: string,
  { url, origin, log, dir }: { url: string; origin: string; log: VerifierKey; dir: string },
): Promise<WitnessPolicy> {
  const pins = filePins(join(dir, 'pins.json'), origin);
  const name = `witness-policy ${encodeVerifierKey(log)} ${pin}`;
  const { policy, fingerprint } = await followPolicy({
    log,
    from: (await pins.get(name)) ?? pin,
    document: await wellKnown(url),
    source: logSource(url),
  });
  await pins.set(name, fingerprint);
  return policy;
}

interface Pin {
  readonly url: string;
  readonly origin: string;
  /** Verifier key, or fingerprint, of the log key */
  readonly pin: string;
  readonly policy: string | undefined;
}

async function pinned(options: LogOptions, environment: Environment): Promise<Pin> {
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

/** Where a state is kept when no file is named */
export const stateFileOf = ({ dir, origin }: ChosenLog): string =>
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
