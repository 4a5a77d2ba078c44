import { closeSync, fsync, openSync, write } from 'node:fs';
import { promisify } from 'node:util';
import { assertPrivate, ownerOnly, unreadable } from '../profile/private-file.ts';

/** A file of JSON lines that only grows. */
export interface AppendFile {
  /** Resolves once the line is on disk */
  append(value: unknown): Promise<void>;
  close(): Promise<void>;
}

const writeAll = promisify(write);
const sync = promisify(fsync);

/**
 * Opens a file of the owner alone for appending. Lines that arrive while a batch is written go into the next one, so
 * that one fsync serves all of them. A crash leaves a prefix of the lines, the last perhaps cut off.
 * @throws CliError `file-exposed`, `file-unreadable`
 */
export function appendPrivate(path: string): AppendFile {
  assertPrivate(path);
  const file = open(path);
  let waiting: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    await writing.catch(() => undefined);
    next = undefined;
    const batch = Buffer.from(waiting.join(''));
    waiting = [];
    writing = writeBatch(file, batch).catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    await writing;
  };
  return {
    append: (value) => {
      waiting.push(`${JSON.stringify(value)}\n`);
      return (next ??= flush());
    },
    close: async () => {
      await (next ?? writing);
      closeSync(file);
    },
  };
}

async function writeBatch(file: number, batch: Buffer): Promise<void> {
  let written = 0;
  while (written < batch.length) {
    const { bytesWritten } = await writeAll(file, batch, written);
    written += bytesWritten;
  }
  await sync(file);
}

function open(path: string): number {
  try {
    return openSync(path, 'a', ownerOnly);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}
