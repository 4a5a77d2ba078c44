import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readOwnerFile } from '@recourse/sdk/node';
import { AgentError } from '../errors.ts';

const ownerOnly = 0o600;

/**
 * The text of a file that holds a secret.
 * @throws AgentError `file-exposed` when others than its owner may read it, `file-unreadable`
 */
export const readPrivateFile = (path: string): string =>
  readOwnerFile(path, (fault) => new AgentError(fault.code, fault, { cause: fault.cause }));

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
