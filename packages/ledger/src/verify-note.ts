import { utf8 } from './bytes.ts';
import { cosignedMessage, parseTimestampedSignature } from './cosignature.ts';
import { verifyEd25519, type Ed25519Verify } from './ed25519.ts';
import { LedgerError } from './errors.ts';
import { parseNote, signerOf, type NoteSignature } from './note.ts';
import { signatureFault } from './signature-rule.ts';
import { assertVerifierKey, keyId, type VerifierKey } from './verifier-key.ts';

/** How signatures are checked. */
export interface VerifyOptions {
  /** Default: WebCrypto. It gets only signatures without a {@link signatureFault} */
  readonly verify?: Ed25519Verify;
}

/** A signature that verified. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** Time of a cosignature in seconds since 1970, as its witness states it */
  readonly time?: number;
}

/** A note that at least one known key signed. */
export interface VerifiedNote {
  readonly text: string;
  /** At least one, in the order of the note */
  readonly signatures: readonly VerifiedSignature[];
}

/**
 * Opens a note that at least one known key signed (signed-note, "Signatures"). It ignores signatures of unknown keys.
 * One that claims a known key and does not verify rejects the note.
 * @throws LedgerError `too-large`, `note-malformed`, `signature-invalid`, `signature-missing`; for the known keys
 *   `key-malformed`, `key-weak`, `key-ambiguous` or `key-unusable`
 */
export async function verifyNote(
  note: Uint8Array | string,
  knownKeys: readonly VerifierKey[],
  { verify = verifyEd25519 }: VerifyOptions = {},
): Promise<VerifiedNote> {
  const keys = indexKeys(knownKeys);
  const { text, signatures } = parseNote(note);
  const verified: VerifiedSignature[] = [];
  for (const signature of signatures) {
    const key = keys.get(signerOf(signature));
    if (key !== undefined) verified.push(await verifySignature(text, { key, signature, verify }));
  }
  if (verified.length === 0) throw new LedgerError('signature-missing', 'no known key signed');
  return { text, signatures: verified };
}

interface Claim {
  readonly key: VerifierKey;
  readonly signature: NoteSignature;
  readonly verify: Ed25519Verify;
}

async function verifySignature(text: string, claim: Claim): Promise<VerifiedSignature> {
  const { key } = claim;
  if (key.type === 'ed25519') {
    await assertSigned(claim, { message: utf8(text), signature: claim.signature.signature });
    return { key };
  }
  const { time, signature } = parseTimestampedSignature(claim.signature.signature);
  await assertSigned(claim, { message: cosignedMessage(text, time), signature });
  return { key, time };
}

/** The form comes first: which malformed signatures an injected verifier accepts is not known here. */
async function assertSigned(
  { key, verify }: Claim,
  { message, signature }: { message: Uint8Array; signature: Uint8Array },
): Promise<void> {
  const fault = signatureFault('Ed25519', signature);
  if (fault !== undefined) throw new LedgerError('signature-invalid', fault);
  if (!(await verify(key.publicKey, message, signature))) {
    throw new LedgerError('signature-invalid', 'does not verify');
  }
}

/** Two keys of one name and id cannot be told apart in a note. */
function indexKeys(knownKeys: readonly VerifierKey[]): Map<string, VerifierKey> {
  const keys = new Map<string, VerifierKey>();
  for (const key of knownKeys) {
    assertVerifierKey(key);
    const signer = signerOf({ name: key.name, id: keyId(key) });
    if (keys.has(signer)) throw new LedgerError('key-ambiguous', 'two keys of one name and id');
    keys.set(signer, key);
  }
  return keys;
}
