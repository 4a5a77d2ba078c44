import { encodeVerifierKey, LedgerError, type NoteSigner } from '@recourse/ledger';
import {
  fromBase64url,
  generateKey,
  privateJwkOf,
  signerFromJwk,
  witnessKeySchema,
  type PrivateJwk,
} from '@recourse/protocol';
import { CliError } from '../errors.ts';
import { createPrivateFile, readPrivateFile } from '../profile/private-file.ts';

/**
 * Makes a key of a witness and keeps it as a JWK, readable by its owner only. Its name is part of the key (signed-note,
 * "Signatures") and is kept as the `kid`.
 * @throws CliError `usage` for a name that is none, `file-exists`
 */
export async function createWitnessKey(path: string, name: string): Promise<NoteSigner> {
  const jwk = await generateKey();
  const signer = await signerOf(name, jwk);
  if (!isName(signer)) throw noName;
  createPrivateFile(path, `${JSON.stringify({ ...jwk, kid: name })}\n`);
  return signer;
}

/** @throws CliError `file-unreadable`, `file-exposed`, `key-invalid` */
export async function readWitnessKey(path: string): Promise<NoteSigner> {
  const text = readPrivateFile(path);
  try {
    const json = JSON.parse(text) as { kid?: unknown };
    if (typeof json.kid !== 'string') throw new TypeError('no name');
    const signer = await signerOf(json.kid, privateJwkOf(json));
    if (isName(signer)) return signer;
  } catch {
    // No cause: a parser's message may quote the key.
  }
  throw new CliError('key-invalid', {
    message: `${path} does not hold the key of a witness.`,
    next: 'Restore it from where you keep it, or make a new one: recourse witness keygen.',
  });
}

async function signerOf(name: string, jwk: PrivateJwk): Promise<NoteSigner> {
  const signer = await signerFromJwk(jwk);
  if (jwk.kty !== 'OKP') throw new TypeError('not Ed25519');
  const publicKey = fromBase64url(jwk.x);
  return {
    key: { name, type: 'cosignature', publicKey },
    sign: (message) => signer.sign(message),
  };
}

/** As a registry takes it, so that nobody learns at registration that the name has a space. */
function isName({ key }: NoteSigner): boolean {
  try {
    return witnessKeySchema.safeParse(encodeVerifierKey(key)).success;
  } catch (error) {
    if (error instanceof LedgerError) return false;
    throw error;
  }
}

const noName = new CliError('usage', {
  message: '--name is no name of a key.',
  next: 'Give a name that you control, of at most 120 letters, digits and marks, without spaces and plus signs: witness.example/w1.',
});
