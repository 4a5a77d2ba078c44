import {
  generateKey,
  privateJwkOf,
  signerFromJwk,
  type PrivateJwk,
  type Signer,
} from '@recourse/protocol';
import { CliError } from '../errors.ts';
import { createPrivateFile, readPrivateFile } from './private-file.ts';

/** A private key as it is kept on disk: one JWK (RFC 7517), readable by its owner only. */
export interface KeyFile {
  readonly path: string;
  readonly privateJwk: PrivateJwk;
  readonly signer: Signer;
}

/** @throws CliError `file-unreadable`, `file-exposed`, `key-invalid` */
export async function readKeyFile(path: string): Promise<KeyFile> {
  const text = readPrivateFile(path);
  try {
    return await keyOf(path, privateJwkOf(JSON.parse(text)));
  } catch {
    // No cause: a parser's message may quote the key.
    throw new CliError('key-invalid', {
      message: `${path} does not hold an Ed25519 or P-256 private key as JWK.`,
      next: 'Restore the key file from where you keep it, or make a new one: recourse keys new FILE.',
    });
  }
}

/** @throws CliError `file-exists` */
export async function createKeyFile(path: string): Promise<KeyFile> {
  const privateJwk = await generateKey();
  createPrivateFile(path, `${JSON.stringify(privateJwk)}\n`);
  return keyOf(path, privateJwk);
}

const keyOf = async (path: string, privateJwk: PrivateJwk): Promise<KeyFile> => ({
  path,
  privateJwk,
  signer: await signerFromJwk(privateJwk),
});
