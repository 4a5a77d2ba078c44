import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WitnessError } from './errors.ts';
import { serialised } from './serialised.ts';
import { decodeState, encodeState, whenLost, type WitnessState } from './state-text.ts';
import type { WitnessedTree, WitnessStore } from './witness-store.ts';

const ownerOnly = 0o600;

/**
 * Begins the state of a witness whose key has never cosigned. There is no other way to begin: a witness that lost its
 * state and began anew would cosign a fork.
 * @throws WitnessError `state-exists`, `state-unwritable`
 */
export function createWitnessState(path: string): void {
  const draft = draftOf(path);
  try {
    const file = openSync(draft, 'w', ownerOnly);
    try {
      writeFileSync(file, encodeState(new Map()));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(draft, path);
    rmSync(draft);
    syncFolder(path);
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw unwritable(path, cause);
    const message = `${path} exists: the witness has begun already.`;
    const next = 'Start it without beginning anew: it goes on from there.';
    throw new WitnessError('state-exists', { message, next }, { cause });
  }
}

/**
 * Keeps the state in one file, for one process at a time, which holds `<path>.lock`. Each step replaces the file: a crash
 * leaves the state before it or the one after it, and neither was cosigned unless it is durable.
 * @throws WitnessError `state-missing`, `state-damaged`, `state-in-use`
 */
export function fileWitnessStore(path: string): WitnessStore {
  if (!existsSync(path)) throw missing(path);
  const release = lockProcess(`${path}.lock`);
  try {
    const state = new Map(read(path));
    return serialised({
      latest: (origin) => state.get(origin),
      record: async (origin, tree) => {
        await replace(path, new Map(state).set(origin, tree));
        state.set(origin, tree);
      },
      release,
    });
  } catch (error) {
    release();
    throw error;
  }
}

function read(path: string): WitnessState {
  try {
    return decodeState(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw damaged(path, cause);
  }
}

async function replace(path: string, state: ReadonlyMap<string, WitnessedTree>): Promise<void> {
  try {
    const draft = draftOf(path);
    const file = await open(draft, 'w', ownerOnly);
    try {
      await file.writeFile(encodeState(state));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    syncFolder(path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** A name is durable when its folder is. Windows has no such call, and keeps names in its journal. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The lock allows one writer: a draft that a crash left behind is written over. */
const draftOf = (path: string): string => `${path}.next`;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const missing = (path: string): WitnessError =>
  new WitnessError('state-missing', { message: `There is no state at ${path}.`, next: whenLost });

const damaged = (path: string, cause: unknown): WitnessError =>
  new WitnessError(
    'state-damaged',
    { message: `${path} is damaged or cannot be read.`, next: whenLost },
    { cause },
  );

const unwritable = (path: string, cause: unknown): WitnessError =>
  new WitnessError(
    'state-unwritable',
    {
      message: `${path} cannot be written (${String(codeOf(cause))}).`,
      next: 'Make room, and let the witness write in its folder. Nothing is cosigned until it can.',
    },
    { cause },
  );

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
function lockProcess(path: string): () => void {
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
