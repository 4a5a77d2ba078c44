import { readFile } from 'node:fs/promises';
import type { PinStore } from '../pins.ts';
import { writePrivate } from './write-private.ts';

/** Pins in one JSON file, of which one process is the owner. */
export function filePins(path: string): PinStore {
  let loading: Promise<Map<string, string>> | undefined;
  let writing: Promise<void> = Promise.resolve();
  const pins = (): Promise<Map<string, string>> => (loading ??= load(path));
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

/** A file that cannot be read is an error: to start over would be to trust anew. */
async function load(path: string): Promise<Map<string, string>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
  const entries: unknown = JSON.parse(text);
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
