import { dirname, join, resolve } from 'node:path';
import type { Environment } from '../environment.ts';
import { CliError } from '../errors.ts';
import { readConfig, type Config, type Profile } from './config-file.ts';
import { filePins, type Identity } from './identity.ts';
import { readKeyFile } from './key-file.ts';
import { sandboxIdentity, sandboxRegistry } from './sandbox.ts';

/** The options that say who acts; every command takes them. */
export interface IdentityOptions {
  readonly config?: string | undefined;
  readonly profile?: string | undefined;
  readonly sandbox?: string | undefined;
  readonly as?: string | undefined;
  readonly url?: string | undefined;
}

export const configPath = (options: IdentityOptions, environment: Environment): string =>
  resolve(options.config ?? environment.configFile);

export const profileName = (
  options: IdentityOptions,
  environment: Environment,
  config: Config,
): string => options.profile ?? environment.profile ?? config.profile ?? 'default';

/** @throws CliError `profile-missing`, `usage`, or of the files */
export async function resolveIdentity(
  options: IdentityOptions,
  environment: Environment,
): Promise<Identity> {
  const { sandbox, as, url } = options;
  if (sandbox !== undefined) return sandboxIdentity(resolve(sandbox), asOf(as), url);
  const { profile, path, name } = profileOf(options, environment);
  return identityOf(profile, { url, dir: dirname(path), name });
}

/**
 * Where the public documents of the registry are: whoever reads them acts for nobody, and needs neither `--as` nor a key.
 * @throws CliError `profile-missing`, `usage`, or of the files
 */
export async function publicUrl(
  options: IdentityOptions,
  environment: Environment,
): Promise<string> {
  const { sandbox, as, url } = options;
  if (sandbox === undefined) {
    const { profile } = profileOf(options, environment);
    return url ?? profile.url ?? profile.origin;
  }
  const dir = resolve(sandbox);
  return (await (as === undefined ? sandboxRegistry(dir, url) : sandboxIdentity(dir, as, url))).url;
}

/** The profile that is named, or the one used when none is. @throws CliError `profile-missing`, `usage` */
export function profileOf(
  options: IdentityOptions,
  environment: Environment,
): { profile: Profile; path: string; name: string } {
  if (options.as !== undefined) {
    throw new CliError('usage', {
      message: '--as goes with --sandbox.',
      next: 'Name the data directory of the sandbox, or a --profile instead.',
    });
  }
  const path = configPath(options, environment);
  const config = readConfig(path);
  const name = profileName(options, environment, config);
  const profile = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
  if (!profile) throw missing(name, path);
  return { profile, path, name };
}

async function identityOf(
  profile: Profile,
  at: { url: string | undefined; dir: string; name: string },
): Promise<Identity> {
  const { origin, logKid, policy, party } = profile;
  const keys = await Promise.all(
    Object.entries(profile.keys).map(async ([role, path]) => [role, await readKeyFile(path)]),
  );
  return {
    origin,
    logKid,
    policy,
    party,
    url: at.url ?? profile.url ?? origin,
    keys: Object.fromEntries(keys),
    pins: filePins(join(at.dir, 'pins.json'), origin),
    sealingKeys: join(at.dir, 'sealing-keys', at.name),
    prefixSets: join(at.dir, 'prefix-sets', at.name),
    // By party: a colleague with a profile on this machine delivers what another one submitted.
    journal: join(at.dir, 'journal', party),
  };
}

function asOf(as: string | undefined): string {
  if (as !== undefined) return as;
  throw new CliError('usage', {
    message: '--sandbox needs --as.',
    next: 'Say as whom to act: --as Harbour, or --as Harbour:admin for its other trust holder.',
  });
}

const missing = (name: string, path: string): CliError =>
  new CliError('profile-missing', {
    message: `There is no profile ${name} in ${path}.`,
    next: 'Redeem an invite (recourse enrol INVITE), name another with --profile, or try a sandbox: --sandbox .recourse --as Harbour.',
  });
