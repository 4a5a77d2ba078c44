import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { deriveKeyPair, type KeyPair } from '@recourse/blind/server';
import type { ServerConfig } from '../config/config.ts';
import { ServerError } from '../errors.ts';
import { createKeyFile, readKeyFile, type KeyFile } from './key-file.ts';
import { missing, newSecret, secretOf } from './secret.ts';

export type OprfSettings = Pick<ServerConfig, 'keysDir' | 'oprfSeedFile' | 'oprfCommand'>;

/** Where the seed of an epoch is: each has its own, so that the old one can be destroyed when its epoch has closed. */
export function oprfSeedFile(
  { keysDir, oprfSeedFile: path }: OprfSettings,
  epoch: number,
): KeyFile {
  const first = path ?? join(keysDir, 'oprf.seed');
  return epoch === 1
    ? { path: first, what: 'the OPRF seed' }
    : { path: `${first}.${epoch}`, what: `the OPRF seed of epoch ${epoch}` };
}

/**
 * The seed of an epoch, from its file or from the command. It is never in the database.
 * @throws ServerError `key_missing` or `key_invalid`
 */
export function readOprfSeed(settings: OprfSettings, epoch: number): Uint8Array {
  const { oprfCommand } = settings;
  if (oprfCommand !== undefined) {
    return secretOf('RECOURSE_OPRF_COMMAND', outputOf(oprfCommand, epoch));
  }
  const file = oprfSeedFile(settings, epoch);
  const stored = readKeyFile(file);
  if (stored === undefined) throw missing(file);
  return secretOf(file.path, stored);
}

/** Makes the seed of an epoch where there is none yet; a command keeps its own. */
export function makeOprfSeed(settings: OprfSettings, epoch: number): void {
  const file = oprfSeedFile(settings, epoch);
  if (settings.oprfCommand === undefined && readKeyFile(file) === undefined) {
    createKeyFile(file, newSecret());
  }
}

/** DeriveKeyPair of RFC 9497 with the number of the epoch: one seed for two epochs gives two keys. */
export const epochKeys = (seed: Uint8Array, epoch: number): KeyPair =>
  deriveKeyPair(seed, `recourse/epoch/${epoch}`);

/** Program and arguments apart by spaces; no shell. It learns the epoch by RECOURSE_OPRF_EPOCH. */
function outputOf(command: string, epoch: number): string {
  const [program = '', ...args] = command.split(' ').filter((part) => part !== '');
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      env: { ...process.env, RECOURSE_OPRF_EPOCH: String(epoch) },
      timeout: 30_000,
      stdio: ['ignore', 'pipe', 'inherit'],
    }).trim();
  } catch {
    // The error of a child process carries its output, which may be the secret.
    throw new ServerError(
      'key_missing',
      `RECOURSE_OPRF_COMMAND (${program}) failed for epoch ${epoch}: run it by hand as this user, with RECOURSE_OPRF_EPOCH=${epoch}, to see why.`,
    );
  }
}
