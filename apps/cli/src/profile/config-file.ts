import { dirname, resolve } from 'node:path';
import { CliError } from '../errors.ts';
import { fileExists, readPrivateFile, replacePrivateFile } from './private-file.ts';

export const keyRoles = ['service', 'trust', 'reviewer', 'operator', 'admin'] as const;
export type KeyRole = (typeof keyRoles)[number];

/** Who acts at which registry, and with which key files; relative paths are relative to the config file. */
export interface Profile {
  readonly origin: string;
  /** Where to reach the registry, when that is not its origin */
  readonly url?: string;
  /** Thumbprint of the registry's ledger key, from the invite */
  readonly logKid: string;
  /** Fingerprint of the witness policy, from the invite: later ones are followed from there */
  readonly policy: string;
  readonly party: string;
  readonly holder?: string;
  readonly keys: Readonly<Partial<Record<KeyRole, string>>>;
}

export interface Config {
  /** The profile used when none is named */
  readonly profile?: string;
  readonly profiles: Readonly<Record<string, Profile>>;
}

/**
 * The file pins whose word is believed, so nobody else may write it.
 * @throws CliError `config-invalid`, `file-exposed`, `file-unreadable`
 */
export function readConfig(path: string): Config {
  if (!fileExists(path)) return { profiles: {} };
  const text = readPrivateFile(path);
  const json = parsed(text);
  const profiles = isObject(json) ? json['profiles'] : undefined;
  if (!isObject(json) || !isObject(profiles)) throw invalid(path, 'profiles');
  const standard = json['profile'];
  return {
    ...(typeof standard === 'string' ? { profile: standard } : {}),
    profiles: Object.fromEntries(
      Object.entries(profiles).map(([name, entry]) => [name, profileOf(path, name, entry)]),
    ),
  };
}

/** Adds or replaces one profile; the first becomes the one used when none is named. */
export function saveProfile(path: string, name: string, profile: Profile): void {
  const config = readConfig(path);
  const next: Config = {
    profile: config.profile ?? name,
    profiles: { ...config.profiles, [name]: profile },
  };
  replacePrivateFile(path, `${JSON.stringify(next, null, 2)}\n`);
}

function profileOf(path: string, name: string, entry: unknown): Profile {
  if (!isObject(entry)) throw invalid(path, `profiles.${name}`);
  const text = (member: string): string => {
    const value = entry[member];
    if (typeof value !== 'string') throw invalid(path, `profiles.${name}.${member}`);
    return value;
  };
  const keys = isObject(entry['keys']) ? entry['keys'] : {};
  return {
    origin: text('origin'),
    logKid: text('logKid'),
    policy: text('policy'),
    party: text('party'),
    ...(entry['url'] === undefined ? {} : { url: text('url') }),
    ...(entry['holder'] === undefined ? {} : { holder: text('holder') }),
    keys: Object.fromEntries(
      keyRoles.flatMap((role) => {
        const file = keys[role];
        return typeof file === 'string' ? [[role, resolve(dirname(path), file)]] : [];
      }),
    ),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (path: string, member: string): CliError =>
  new CliError('config-invalid', {
    message: `${path} is not a config file: ${member} is missing or not of its kind.`,
    next: 'Correct it, or move it away and enrol again: recourse enrol INVITE.',
  });
