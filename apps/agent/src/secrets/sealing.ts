import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { fromBase64url } from '@recourse/protocol';
import { AgentError } from '../errors.ts';

const nonceBytes = 12;
const tagBytes = 16;
const version = 1;

/**
 * A key for one purpose, derived from the one that the agent was given (RFC 5869).
 * @param secret 32 bytes as base64url
 * @throws AgentError `secret-invalid`
 */
export function derivedKey(secret: string, purpose: 'outbox' | 'questions'): Uint8Array {
  try {
    const bytes = fromBase64url(secret);
    if (bytes.length !== 32) throw new TypeError('length');
    return new Uint8Array(hkdfSync('sha256', bytes, '', `recourse-agent/${purpose}/1`, 32));
  } catch {
    // No cause: it may quote the secret.
    throw new AgentError('secret-invalid', {
      message: 'The key of the outbox is not 32 bytes as base64url.',
      next: 'Restore it from where you keep it. A new one opens nothing of what waits.',
    });
  }
}

interface Sealing {
  readonly key: Uint8Array;
  /** Authenticated: what is put in the place of another opens as neither */
  readonly name: string;
}

/** AES-256-GCM: a version byte, the nonce, the ciphertext, the tag. */
export function seal(text: string, { key, name }: Sealing): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(version), nonce, sealed, cipher.getAuthTag()]);
}

/** @throws where the bytes are damaged, of another name, or of another key */
export function open(bytes: Uint8Array, { key, name }: Sealing): string {
  if (bytes[0] !== version) throw new TypeError('version');
  const nonce = bytes.subarray(1, 1 + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(name))
    .setAuthTag(bytes.subarray(-tagBytes));
  const sealed = bytes.subarray(1 + nonceBytes, -tagBytes);
  return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
}
