import { randomBytes } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { exposureOf, readOwnerFile } from '@recourse/sdk/node';
import { CliError } from '../errors.ts';

export const ownerOnly = 0o600;

/**
 * The text of a file that holds a secret.
 * @throws CliError `file-exposed` when others than its owner may read it: what they may have read is no secret
 */
export const readPrivateFile = (path: string): string =>
  readOwnerFile(path, (fault) => new CliError(fault.code, fault, { cause: fault.cause }));

/** @throws CliError `file-unreadable`, `file-exposed` */
export function assertPrivate(path: string): void {
  const fault = fileExists(path) ? exposureOf(path) : undefined;
  if (fault) throw new CliError(fault.code, fault);
}

export const readText = (path: string): string => Buffer.from(readBytes(path)).toString('utf8');

export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** The text of a file, or of stdin for `-`. @throws CliError `file-unreadable` */
export const readInput = async (path: string): Promise<string> =>
  path === '-' ? text(process.stdin) : readText(path);

/** JSON of a file, or of stdin for `-`. @throws CliError `input-invalid`, `file-unreadable` */
export const readJsonInput = async (path: string): Promise<unknown> =>
  parseJson(await readInput(path));

export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // No cause: the parser's message quotes the input.
    throw new CliError('input-invalid', {
      message: 'The input is not JSON.',
      next: 'Check quotes and commas; in a shell, put the JSON in single quotes or into a file.',
    });
  }
}

export function fileExists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Writes a new file for its owner alone, whole or not at all. @throws CliError `file-exists` */
export function createPrivateFile(path: string, content: string | Uint8Array): void {
  placed(path, content, (draft) => linkSync(draft, path));
}

/** Writes a file for its owner alone, unless it is there with the same content. @throws CliError `file-exists` */
export function keepPrivateFile(path: string, content: Uint8Array): void {
  if (fileExists(path) && Buffer.compare(readBytes(path), content) === 0)
    return assertPrivate(path);
  createPrivateFile(path, content);
}

/** Replaces a file of its owner alone, whole or not at all. */
export function replacePrivateFile(path: string, text: string): void {
  placed(path, text, (draft) => renameSync(draft, path));
}

function placed(path: string, text: string | Uint8Array, place: (draft: string) => void): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(draft, text, { mode: ownerOnly, flag: 'wx' });
    place(draft);
  } catch (cause) {
    throw codeOf(cause) === 'EEXIST' ? existing(path) : unreadable(path, cause);
  } finally {
    rmSync(draft, { force: true });
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'no code';

const existing = (path: string): CliError =>
  new CliError('file-exists', {
    message: `${path} exists already.`,
    next: 'Name another file: nothing is overwritten. To enrol with a key you have, use --key FILE.',
  });

export const unreadable = (path: string, cause: unknown): CliError =>
  new CliError(
    'file-unreadable',
    {
      message: `Cannot read or write ${path} (${codeOf(cause)}).`,
      next: 'Check the path and its permissions.',
    },
    { cause },
  );
