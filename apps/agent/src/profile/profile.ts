import { dirname, resolve } from 'node:path';
import { AgentError } from '../errors.ts';
import { readPrivateFile } from '../secrets/private-file.ts';
import type { SecretSource } from '../secrets/secret-source.ts';

/** The keys an agent may use: it acts for services and trust teams, and neither adds keys nor reviews. */
export const keyRoles = ['service', 'trust'] as const;
export type KeyRole = (typeof keyRoles)[number];

/** The acting party, its registry, and where the keys are. */
export interface Profile {
  readonly name: string;
  readonly origin: string;
  readonly url: string | undefined;
  /** Thumbprint of the registry's ledger key, from the invite */
  readonly logKid: string;
  /** Fingerprint of the witness policy, from the invite */
  readonly policy: string;
  readonly party: string;
  readonly keys: Readonly<Partial<Record<KeyRole, SecretSource>>>;
}

/**
 * Reads a profile of the file that `recourse enrol` writes; paths of keys are relative to it.
 * @throws AgentError `file-unreadable`, `file-exposed`, `profile-invalid`, `profile-missing`
 */
export function readProfile(path: string, asked: string | undefined): Profile {
  const json = parsed(readPrivateFile(path));
  const profiles = membersOf(membersOf(json)['profiles']);
  const standard = membersOf(json)['profile'];
  const name = asked ?? (typeof standard === 'string' ? standard : 'default');
  const entry = Object.hasOwn(profiles, name) ? membersOf(profiles[name]) : undefined;
  if (!entry) throw missing(path, name);
  const text = (member: string): string => {
    const value = entry[member];
    if (typeof value === 'string') return value;
    throw new AgentError('profile-invalid', {
      message: `${path}: profiles.${name}.${member} is missing or no text.`,
      next: 'Correct it, or move the file away and enrol again: recourse enrol INVITE.',
    });
  };
  return {
    name,
    origin: text('origin'),
    url: entry['url'] === undefined ? undefined : text('url'),
    logKid: text('logKid'),
    policy: text('policy'),
    party: text('party'),
    keys: keysOf(membersOf(entry['keys']), dirname(path)),
  };
}

const keysOf = (files: Members, directory: string): Profile['keys'] =>
  Object.fromEntries(
    keyRoles.flatMap((role) => {
      const file = files[role];
      return typeof file === 'string'
        ? [[role, { kind: 'file', path: resolve(directory, file) }]]
        : [];
    }),
  );

type Members = Readonly<Record<string, unknown>>;

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const missing = (path: string, name: string): AgentError =>
  new AgentError('profile-missing', {
    message: `There is no profile ${name} in ${path}.`,
    next: 'Redeem an invite (recourse enrol INVITE), name another with --profile, or try a sandbox: --sandbox .recourse --as Harbour.',
  });
