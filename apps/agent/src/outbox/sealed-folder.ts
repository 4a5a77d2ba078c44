import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromBase64url } from '@recourse/protocol';
import { AgentError } from '../errors.ts';
import { removeDurably, writeDurably } from '../secrets/private-file.ts';
import type { Entry } from './entry.ts';

const nonceBytes = 12;
const tagBytes = 16;
const version = 1;

/**
 * Entries as files that are encrypted with AES-256-GCM, one each, under a key derived from the given one (RFC 5869). The
 * name is authenticated: a file that is put in the place of another opens as neither. Writes are on the disk when they return.
 */
export class SealedFolder {
  readonly #directory: string;
  readonly #key: Uint8Array;

  /** @param secret 32 bytes as base64url. @throws AgentError `secret-invalid` */
  constructor(directory: string, secret: string) {
    this.#directory = directory;
    this.#key = deriveKey(secret);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** All entries, in the order in which they were taken. @throws AgentError `outbox-unreadable` */
  read(): Entry[] {
    const names = readdirSync(this.#directory);
    // What a crash left behind was never said to be taken.
    for (const draft of names.filter((name) => name.endsWith('.next'))) {
      rmSync(join(this.#directory, draft));
    }
    return names
      .filter((name) => name.endsWith('.sealed'))
      .map((name) => this.#open(name))
      .toSorted((a, b) => a.seq - b.seq);
  }

  write(entry: Entry): void {
    const name = nameOf(entry);
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(name));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(entry), 'utf8'), cipher.final()]);
    const file = Buffer.concat([Buffer.of(version), nonce, sealed, cipher.getAuthTag()]);
    writeDurably(join(this.#directory, name), file);
  }

  remove(entry: Entry): void {
    removeDurably(join(this.#directory, nameOf(entry)));
  }

  #open(name: string): Entry {
    const path = join(this.#directory, name);
    try {
      const file = readFileSync(path);
      if (file[0] !== version) throw new TypeError('version');
      const nonce = file.subarray(1, 1 + nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(name))
        .setAuthTag(file.subarray(-tagBytes));
      const sealed = file.subarray(1 + nonceBytes, -tagBytes);
      const text = Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8');
      const entry: Entry = JSON.parse(text);
      return entry;
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }
}

const nameOf = ({ seq, id }: Entry): string => `${String(seq).padStart(12, '0')}-${id}.sealed`;

function deriveKey(secret: string): Uint8Array {
  try {
    const bytes = fromBase64url(secret);
    if (bytes.length !== 32) throw new TypeError('length');
    return new Uint8Array(hkdfSync('sha256', bytes, '', 'recourse-agent/outbox/1', 32));
  } catch {
    // No cause: it may quote the secret.
    throw new AgentError('secret-invalid', {
      message: 'The key of the outbox is not 32 bytes as base64url.',
      next: 'Restore it from where you keep it. A new one opens nothing of what waits.',
    });
  }
}

const unreadable = (path: string, cause: unknown): AgentError =>
  new AgentError(
    'outbox-unreadable',
    {
      message: `${path} does not open with this key, or is damaged.`,
      next: 'Give the key with which it was written. If the file is lost for good, move it away: what it asked for is then not done.',
    },
    { cause },
  );
