import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AgentError } from '../errors.ts';
import { removeDurably, writeDurably } from '../secrets/private-file.ts';
import { derivedKey, open, seal } from '../secrets/sealing.ts';
import type { Entry } from './entry.ts';

/**
 * Entries as sealed files, one each. The name is authenticated: a file that is put in the place of another opens as
 * neither. Writes are on the disk when they return.
 */
export class SealedFolder {
  readonly #directory: string;
  readonly #key: Uint8Array;

  /** @param secret 32 bytes as base64url. @throws AgentError `secret-invalid` */
  constructor(directory: string, secret: string) {
    this.#directory = directory;
    this.#key = derivedKey(secret, 'outbox');
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
    const file = seal(JSON.stringify(entry), { key: this.#key, name });
    writeDurably(join(this.#directory, name), file);
  }

  remove(entry: Entry): void {
    removeDurably(join(this.#directory, nameOf(entry)));
  }

  #open(name: string): Entry {
    const path = join(this.#directory, name);
    try {
      const text = open(readFileSync(path), { key: this.#key, name });
      const entry: Entry = JSON.parse(text);
      return entry;
    } catch (cause) {
      throw unreadable(path, cause);
    }
  }
}

const nameOf = ({ seq, id }: Entry): string => `${String(seq).padStart(12, '0')}-${id}.sealed`;

const unreadable = (path: string, cause: unknown): AgentError =>
  new AgentError(
    'outbox-unreadable',
    {
      message: `${path} does not open with this key, or is damaged.`,
      next: 'Give the key with which it was written. If the file is lost for good, move it away: what it asked for is then not done.',
    },
    { cause },
  );
