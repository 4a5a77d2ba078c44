import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { CliError } from '../errors.ts';
import { fileExists, ownerOnly, unreadable } from '../profile/private-file.ts';

/**
 * Keeps a second import off a journal while one runs. What a killed process left behind is taken over.
 * @returns what releases it
 * @throws CliError `journal-in-use`
 */
export function lockFile(path: string): () => void {
  if (fileExists(path) && !isRunning(holderOf(path))) rmSync(path, { force: true });
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx', mode: ownerOnly });
  } catch (cause) {
    throw fileExists(path) ? inUse(path) : unreadable(path, cause);
  }
  return () => rmSync(path, { force: true });
}

const holderOf = (path: string): number => Number(readFileSync(path, 'utf8'));

/** Signal 0 asks whether there is such a process; one of another user answers EPERM. */
function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const inUse = (path: string): CliError =>
  new CliError('journal-in-use', {
    message: `Another import works with this journal (process ${holderOf(path)}).`,
    next: `Wait until it is done, or stop it with Ctrl-C; if there is none, remove ${path}.`,
  });
