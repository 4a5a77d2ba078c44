import {
  closeSync,
  fsync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  write,
  writeFileSync,
  writeSync,
} from 'node:fs';
import process from 'node:process';
import { promisify } from 'node:util';
import { isProblemCode, problemCodes } from '@recourse/protocol';
import { CliError } from '../errors.ts';
import { assertPrivate, fileExists, ownerOnly, unreadable } from '../profile/private-file.ts';
import type { Refusal } from './record.ts';

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
  const file = open(path, 'a');
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

function open(path: string, how: 'a' | 'w'): number {
  try {
    return openSync(path, how, ownerOnly);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

interface CaseCode {
  readonly externalId: string;
  readonly sanction: string;
  readonly caseCode: string;
  readonly caseLink: string;
}

/**
 * The only place a case code is written to: whoever holds one reads the case, so it goes from here into the notice and
 * is deleted. Where an id stands twice, the last line counts.
 */
export class CaseCodeFile {
  readonly #file: AppendFile;

  constructor(path: string) {
    this.#file = appendPrivate(path);
  }

  add({ externalId, sanction, caseCode, caseLink }: CaseCode): Promise<void> {
    return this.#file.append({
      external_id: externalId,
      sanction,
      case_code: caseCode,
      case_link: caseLink,
    });
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** `FILE.errors.ndjson`: what was not taken in this run, by line, with what to do. Each run writes it anew. */
export class ErrorFile {
  readonly path: string;
  readonly #file: number;
  readonly #counts = new Map<string, number>();

  constructor(path: string) {
    this.path = path;
    this.#file = open(path, 'w');
  }

  add({ line, externalId, code, issues }: Refusal): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
    const entry = { line, external_id: externalId, code, issues, next: nextOf(code) };
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  /** How many were refused, by code */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

const nextOf = (code: string): string =>
  own[code] ?? (isProblemCode(code) ? problemCodes[code].next : '');

const own: Readonly<Record<string, string>> = {
  'invalid-input': 'Correct the columns listed in issues, and import the file again.',
  'duplicate-external-id':
    'Put the rows of one record next to each other, and give each record an external_id of its own.',
  'changed-since-import':
    'This record was imported with other content. Restore the row, or withdraw the sanction and file the new conduct under a new external_id.',
  'evidence-unreadable': 'Restore the evidence file, and import the file again.',
};

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
