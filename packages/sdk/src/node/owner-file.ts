import { readFileSync, statSync } from 'node:fs';

/** Why a file that holds a secret cannot be used: for the error of the program that reads it. */
export interface OwnerFileFault {
  /** Others may read it, or nobody can */
  readonly code: 'file-exposed' | 'file-unreadable';

  /** The fault, with the path */
  readonly message: string;

  /** The next step */
  readonly next: string;

  /** The error of the system */
  readonly cause?: unknown;
}

/**
 * The text of a file that holds a secret. What others than its owner may have read is no secret.
 * @param fail makes the error that is thrown
 */
export function readOwnerFile(path: string, fail: (fault: OwnerFileFault) => Error): string {
  let exposed: OwnerFileFault | undefined;
  try {
    exposed = exposureOf(path);
    if (exposed === undefined) return readFileSync(path, 'utf8');
  } catch (cause) {
    const message = `Cannot read ${path} (${codeOf(cause)}).`;
    const next = 'Check the path and its permissions.';
    throw fail({ code: 'file-unreadable', message, next, cause });
  }
  throw fail(exposed);
}

/** Whether others than its owner may read or write a file. @throws an error of the system where there is no file */
export function exposureOf(path: string): OwnerFileFault | undefined {
  const mode = statSync(path).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return undefined;
  return {
    code: 'file-exposed',
    message: `${path} can be read or written by others (mode ${mode.toString(8)}).`,
    next: `Run chmod 600 ${path}, and replace what it holds if others may have read it.`,
  };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'no code';
