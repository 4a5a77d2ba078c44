import { randomBytes } from 'node:crypto';
import { fromBase64url } from '@recourse/protocol';
import { ServerError } from '../errors.ts';
import type { KeyFile } from './key-file.ts';

export const newSecret = (): string => randomBytes(32).toString('base64url');

/** The 32 bytes that a text stands for. @throws ServerError `key_invalid`, without what was read */
export function secretOf(source: string, text: string): Uint8Array {
  try {
    const bytes = fromBase64url(text);
    if (bytes.length === 32) return bytes;
  } catch {
    // Said below, without what was read.
  }
  throw new ServerError(
    'key_invalid',
    `${source} must give 32 bytes as unpadded base64url (43 characters): restore the secret it is meant to hold.`,
  );
}

export const missing = ({ path, what }: KeyFile): ServerError =>
  new ServerError(
    'key_missing',
    `${path} (${what}) does not exist: restore it, or run once with --init to create the secrets of a new registry.`,
  );
