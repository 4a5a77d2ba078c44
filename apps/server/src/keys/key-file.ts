import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ServerError } from '../errors.ts';

export interface KeyFile {
  readonly path: string;
  /** For messages: "the vault key" */
  readonly what: string;
}

/**
 * The text of a secret file, or undefined when there is none.
 * @throws ServerError `key_invalid` when others than its owner may read it
 */
export function readKeyFile({ path, what }: KeyFile): string | undefined {
  let mode: number;
  try {
    ({ mode } = statSync(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable({ path, what }, error);
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new ServerError(
      'key_invalid',
      `${path} (${what}) can be read by others: run chmod 600 ${path}, and replace it if others may have read it.`,
    );
  }
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw unreadable({ path, what }, error);
  }
}

/** Writes a new secret file whole or not at all, and returns what is in it: another server may have been first. */
export function createKeyFile(file: KeyFile, text: string): string {
  const draft = `${file.path}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dirname(file.path), { recursive: true, mode: 0o700 });
    writeFileSync(draft, `${text}\n`, { mode: 0o600, flag: 'wx' });
    linkSync(draft, file.path);
  } catch (cause) {
    if (!isExisting(cause)) {
      const next = `make ${dirname(file.path)} writable, or set RECOURSE_KEYS_DIR to a folder that is.`;
      throw new ServerError('key_invalid', `Cannot write ${file.path}: ${next}`, { cause });
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return readKeyFile(file) ?? text;
}

const unreadable = ({ path, what }: KeyFile, cause: unknown): ServerError =>
  new ServerError('key_invalid', `Cannot read ${path} (${what}): let this user read it.`, {
    cause,
  });

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';
const isExisting = (error: unknown): boolean => codeOf(error) === 'EEXIST';
