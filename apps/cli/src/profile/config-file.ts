import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { CliError } from '../errors.ts';
import { fileExists, readPrivateFile, replacePrivateFile } from './private-file.ts';

export const keyRoles = ['service', 'trust', 'support', 'reviewer', 'operator', 'admin'] as const;
export type KeyRole = (typeof keyRoles)[number];

/** The acting party, its registry and its key files; relative paths are relative to the config file. */
const profileSchema = z.object({
  origin: z.string(),
  /** Where to reach the registry, when that is not its origin */
  url: z.string().optional(),
  /** Thumbprint of the registry's ledger key, from the invite */
  logKid: z.string(),
  /** Fingerprint of the witness policy, from the invite: later ones are followed from there */
  policy: z.string(),
  party: z.string(),
  holder: z.string().optional(),
  keys: z.partialRecord(z.enum(keyRoles), z.string()).default({}),
});
export type Profile = z.infer<typeof profileSchema>;

const configSchema = z.object({
  /** The profile used when none is named */
  profile: z.string().optional(),
  profiles: z.record(z.string(), profileSchema),
});
export type Config = z.infer<typeof configSchema>;

/**
 * The file pins whose word is believed, so nobody else may write it.
 * @throws CliError `config-invalid`, `file-exposed`, `file-unreadable`
 */
export function readConfig(path: string): Config {
  if (!fileExists(path)) return { profiles: {} };
  const { data, error } = configSchema.safeParse(parsed(readPrivateFile(path)));
  if (!data) throw invalid(path, error.issues[0]?.path.join('.') || 'profiles');
  for (const { keys } of Object.values(data.profiles)) {
    for (const role of keyRoles) {
      if (keys[role] !== undefined) keys[role] = resolve(dirname(path), keys[role]);
    }
  }
  return data;
}

/** Adds or replaces one profile; the first becomes the one used when none is named. */
export function saveProfile(path: string, name: string, profile: Profile): void {
  const { profile: standard = name, profiles } = readConfig(path);
  const next: Config = { profile: standard, profiles: { ...profiles, [name]: profile } };
  replacePrivateFile(path, `${JSON.stringify(next, null, 2)}\n`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const invalid = (path: string, member: string): CliError =>
  new CliError('config-invalid', {
    message: `${path} is not a config file: ${member} is missing or not of its kind.`,
    next: 'Correct it, or move it away and enrol again: recourse enrol INVITE.',
  });
