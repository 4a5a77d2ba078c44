import { DatabaseSync } from 'node:sqlite';
import { WitnessError } from './errors.ts';

/** Locks that are held. Without a reference, the garbage collector closes the file, and the lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Holds a lock of the kernel on a file until it is released, or until the process ends, however it ends. SQLite takes
 * the lock, since Node has no other way. Process ids would be guesses: containers and restarts use them again.
 *
 * It keeps off every process of this machine that opens the same file, also from other containers. It does not keep off
 * a second machine that shares the folder by a network file system without locks, nor a copy of the file.
 * @returns a function that releases it
 * @throws WitnessError `state-in-use`
 */
export function lockProcess(path: string): () => void {
  try {
    const lock = new DatabaseSync(path, { timeout: 0 });
    lock.exec('pragma journal_mode = off; begin exclusive');
    held.add(lock);
    return () => {
      held.delete(lock);
      lock.close();
    };
  } catch (cause) {
    throw new WitnessError(
      'state-in-use',
      {
        message: `${path} cannot be locked: another witness works with this state, or the folder cannot be written.`,
        next: 'Stop the other one, or let this one write there. Two witnesses with one key sign forks.',
      },
      { cause },
    );
  }
}
