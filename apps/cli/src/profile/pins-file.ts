import type { PinStore } from '@recourse/sdk';
import { fileExists, readPrivateFile, replacePrivateFile } from './private-file.ts';
import { CliError } from '../errors.ts';

/** Keeps what was seen first beside the config file, so that a registry cannot exchange it between two commands. */
export function filePins(path: string, origin: string): PinStore {
  const load = (): Record<string, string> => (fileExists(path) ? read(path) : {});
  const nameIn = (name: string): string => `${origin} ${name}`;
  return {
    get: (name) => load()[nameIn(name)],
    set: (name, value) =>
      replacePrivateFile(
        path,
        `${JSON.stringify({ ...load(), [nameIn(name)]: value }, null, 2)}\n`,
      ),
  };
}

function read(path: string): Record<string, string> {
  const text = readPrivateFile(path);
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null) throw new TypeError('no object');
    return Object.fromEntries(
      Object.entries(json).flatMap(([name, value]: [string, unknown]) =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
    );
  } catch {
    throw new CliError('config-invalid', {
      message: `${path} is damaged: it keeps which keys were seen first.`,
      next: 'Restore it. Without it the keys that the registry shows next would be trusted anew.',
    });
  }
}
