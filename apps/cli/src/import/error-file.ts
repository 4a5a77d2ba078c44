import { openSync, writeSync, fsyncSync, closeSync } from 'node:fs';
import { textOf } from '../explain.ts';
import { ownerOnly, unreadable } from '../profile/private-file.ts';
import type { Refusal } from './record.ts';

/** `FILE.errors.ndjson`: what was not taken in this run, by line, with what to do. Each run writes it anew. */
export class ErrorFile {
  readonly path: string;
  readonly #file: number;
  readonly #counts = new Map<string, number>();

  constructor(path: string) {
    this.path = path;
    try {
      this.#file = openSync(path, 'w', ownerOnly);
    } catch (cause) {
      throw unreadable(path, cause);
    }
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

const nextOf = (code: string): string => own[code] ?? textOf(code).next;

const own: Readonly<Record<string, string>> = {
  'invalid-input': 'Correct the columns listed in issues, and import the file again.',
  'duplicate-external-id':
    'Put the rows of one record next to each other, and give each record an external_id of its own.',
  'changed-since-import':
    'This record was imported with other content. Restore the row, or withdraw the sanction and file the new conduct under a new external_id.',
  'evidence-unreadable': 'Restore the evidence file, and import the file again.',
};
