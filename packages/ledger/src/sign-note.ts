import { utf8 } from './bytes.ts';
import { LedgerError } from './errors.ts';
import { encodeNote, type NoteSignature } from './note.ts';
import { assertVerifierKey, keyId, type SignatureType, type VerifierKey } from './verifier-key.ts';

/** Signs with one private key that never leaves it: a WebCrypto key, a file, an HSM. */
export interface NoteSigner {
  readonly key: VerifierKey;
  /** 64 bytes of Ed25519 (RFC 8032) */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * A note of this text with a signature of each signer (signed-note, "Ed25519 signatures").
 * @param text ends in a newline
 * @param signers at least one, with keys of type `ed25519`
 * @throws LedgerError `note-malformed`, `too-large`, `key-malformed`, `key-weak` or `signature-invalid`
 */
export async function signNote(text: string, signers: readonly NoteSigner[]): Promise<string> {
  const signatures: NoteSignature[] = [];
  for (const signer of signers) {
    assertSigner(signer, 'ed25519');
    const { key } = signer;
    const signature = await rawSignature(signer, utf8(text));
    signatures.push({ name: key.name, id: keyId(key), signature });
  }
  return encodeNote({ text, signatures });
}

/** @throws LedgerError `key-malformed` or `key-weak` */
export function assertSigner({ key }: NoteSigner, type: SignatureType): void {
  assertVerifierKey(key);
  if (key.type !== type) throw new LedgerError('key-malformed', `not a key of type ${type}`);
}

/** @throws LedgerError `signature-invalid` when the signer answers with anything but 64 bytes */
export async function rawSignature(signer: NoteSigner, message: Uint8Array): Promise<Uint8Array> {
  const signature = await signer.sign(message);
  if (signature.length !== 64) throw new LedgerError('signature-invalid', 'not 64 bytes');
  return signature;
}
