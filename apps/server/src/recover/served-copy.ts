import { setTimeout as delay } from 'node:timers/promises';
import { tilePath, type TilePath } from '@recourse/ledger';
import type { LogCopy } from '@recourse/registry';
import { ServerError } from '../errors.ts';
import { largestFile } from './largest-file.ts';

const timeoutMs = 15_000;
const tries = 3;

/** The files of a log from whoever serves them, under the prefix that `/ledger` is at a registry. */
export class ServedCopy implements LogCopy {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix.replace(/\/$/, '');
  }

  checkpoint(): Promise<Uint8Array | undefined> {
    return this.#get('checkpoint');
  }

  file(path: TilePath): Promise<Uint8Array | undefined> {
    return this.#get(tilePath(path));
  }

  async #get(path: string): Promise<Uint8Array | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(path);
      } catch (cause) {
        if (attempt === tries) throw unreachable(cause);
        await delay(attempt * 250);
      }
    }
  }

  async #once(path: string): Promise<Uint8Array | undefined> {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${this.#prefix}/${path}`, { redirect: 'error', signal });
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw new TypeError(`status ${response.status}`);
    return readAll(response);
  }
}

/** Whoever serves may answer without end. */
async function readAll(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > largestFile) throw new TypeError('too large');
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

const unreachable = (cause: unknown): ServerError =>
  new ServerError(
    'copy-unreachable',
    'The copy of the log is not served: check the URL, then run the same command again; it goes on where it stopped.',
    { cause },
  );
