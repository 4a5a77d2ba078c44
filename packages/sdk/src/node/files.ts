import { isId } from '@recourse/protocol';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PrivateSealingKey, SealingKeys } from '../session/sealing-keys.ts';
import type { PinStore } from '../pins.ts';
import type { SetStore } from '../prefixes/set-store.ts';
import type { EvidenceOpening } from '../commitments.ts';
import type { Journal } from '../session/journal.ts';
import type { Outbox, SubmissionIntent } from '../session/outbox.ts';

/** Evidence from a file, streamed: `{ class: 'payment-records', source: fileSource('export.csv') }`. */
export const fileSource = (path: string): AsyncIterable<Uint8Array> => createReadStream(path);

/** Pins in one JSON file, of which one process is the owner. */
export function filePins(path: string): PinStore {
  let loading: Promise<Map<string, string>> | undefined;
  let writing: Promise<void> = Promise.resolve();
  const pins = (): Promise<Map<string, string>> => (loading ??= loadPins(path));
  return {
    get: async (name) => (await pins()).get(name),
    set: async (name, value) => {
      const all = await pins();
      all.set(name, value);
      writing = writing.then(() => writePrivate(path, JSON.stringify([...all])));
      await writing;
    },
  };
}

async function loadPins(path: string): Promise<Map<string, string>> {
  const text = await unlessMissing(() => readFile(path, 'utf8'));
  const entries: unknown = text === undefined ? [] : JSON.parse(text);
  if (!Array.isArray(entries)) throw new TypeError('not a file of pins');
  return new Map(entries.map(readPin));
}

function readPin(entry: unknown): [string, string] {
  const [name, value]: unknown[] = Array.isArray(entry) ? entry : [];
  if (typeof name !== 'string' || typeof value !== 'string') {
    throw new TypeError('not a file of pins');
  }
  return [name, value];
}

/** Sealing keys as a directory with one file per appeal, inspection or trust key, readable by its owner only. */
export function fileSealingKeys(directory: string): SealingKeys {
  const fileOf = (name: string): string => {
    if (!isId('apl', name) && !isId('itm', name) && !/^key-[\w-]{43}$/.test(name))
      throw new TypeError('no id of an appeal or inspection, and no trust key');
    return join(directory, `${name}.json`);
  };
  return {
    save: async (name, jwk) => writeIn(fileOf(name), JSON.stringify(jwk)),
    // A key that cannot be read is an error: a new one would open nothing.
    load: (name) =>
      unlessMissing(async () => {
        // The file is the process's own: what it wrote is what it reads.
        const jwk: PrivateSealingKey = JSON.parse(await readFile(fileOf(name), 'utf8'));
        return jwk;
      }),
  };
}

const lineEnd = 0x0a;

/**
 * Prefix sets as a directory with one file per epoch: the header, a line end, the snapshot. Several processes may share
 * it: the last writer wins, and a set that does not verify is loaded anew.
 */
export function fileSets(directory: string): SetStore {
  const fileOf = (epoch: number): string => join(directory, `all-${epoch}.prefixes`);
  return {
    load: (epoch) =>
      unlessMissing(async () => {
        const bytes = await readFile(fileOf(epoch));
        const end = bytes.indexOf(lineEnd);
        return { header: bytes.subarray(0, end).toString(), snapshot: bytes.subarray(end + 1) };
      }),
    save: (epoch, { header, snapshot }) =>
      writeIn(fileOf(epoch), Buffer.concat([Buffer.from(`${header}\n`), snapshot])),
  };
}

/** An outbox that lists what it keeps. */
export interface FileOutbox extends Outbox {
  /**
   * Submissions that were saved and not answered.
   * @example
   * for (const intent of await outbox.waiting()) await sanctions.resume(intent);
   */
  waiting(): Promise<SubmissionIntent[]>;
}

/** An outbox as a directory with one file per submission, readable by its owner only. */
export function fileOutbox(directory: string): FileOutbox {
  const fileOf = (sanction: string): string => {
    if (!isId('snc', sanction)) throw new TypeError('not the id of a sanction');
    return join(directory, `${sanction}.json`);
  };
  return {
    save: async (intent) => writeIn(fileOf(intent.sanction), JSON.stringify(intent)),
    done: (sanction) => rm(fileOf(sanction), { force: true }),
    waiting: async () => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).sort();
      const texts = names.map((name) => readFile(join(directory, name), 'utf8'));
      return (await Promise.all(texts)).map((text): SubmissionIntent => JSON.parse(text));
    },
  };
}

/** A journal as a directory with one file per record, `snc_….json`, readable by its owner only. */
export function fileJournal(directory: string): Journal {
  const fileOf = (sanction: string): string => {
    if (!isId('snc', sanction)) throw new TypeError('not the id of a sanction');
    return join(directory, `${sanction}.json`);
  };
  return {
    save: (sanction, evidence) =>
      writeIn(fileOf(sanction), `${JSON.stringify({ version: 1, sanction, evidence }, null, 2)}\n`),
    // A file that cannot be read is an error: what opens the evidence may still be in it.
    load: (sanction) =>
      unlessMissing(async () => {
        const record: { evidence: EvidenceOpening[] } = JSON.parse(
          await readFile(fileOf(sanction), 'utf8'),
        );
        return record.evidence;
      }),
  };
}

/** `writePrivate` into a folder of the owner's, which is made where there is none. */
async function writeIn(path: string, data: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writePrivate(path, data);
}

/** Replaces a file whole, readable by its owner only: after a crash either the old or the new content is there. */
async function writePrivate(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** A file that cannot be read is an error: to start over would be to trust anew. */
export async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
