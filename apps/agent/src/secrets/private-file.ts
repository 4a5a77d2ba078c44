import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { AgentError } from '../errors.ts';

const ownerOnly = 0o600;

/**
 * The text of a file that holds a secret.
 * @throws AgentError `file-exposed` when others than its owner may read it, `file-unreadable`
 */
export function readPrivateFile(path: string): string {
  try {
    const mode = statSync(path).mode & 0o777;
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw exposed(path, mode);
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof AgentError) throw cause;
    throw new AgentError(
      'file-unreadable',
      {
        message: `Cannot read ${path} (${codeOf(cause)}).`,
        next: 'Check the path and its permissions.',
      },
      { cause },
    );
  }
}

/**
 * Replaces a file of its owner alone, whole or not at all. When it returns, the bytes and their name are on the disk.
 * One writer at a time: the draft that a crash left behind is written over.
 */
export function writeDurably(path: string, bytes: Uint8Array | string): void {
  const draft = `${path}.next`;
  const file = openSync(draft, 'w', ownerOnly);
  try {
    writeFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** Removes a file, for good once it returns. */
export function removeDurably(path: string): void {
  rmSync(path, { force: true });
  syncFolder(dirname(path));
}

/** A name is durable when its folder is. Windows has no such call, and keeps names in its journal. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'no code';

const exposed = (path: string, mode: number): AgentError =>
  new AgentError('file-exposed', {
    message: `${path} can be read or written by others (mode ${mode.toString(8)}).`,
    next: `Run chmod 600 ${path}, and replace what it holds if others may have read it.`,
  });
