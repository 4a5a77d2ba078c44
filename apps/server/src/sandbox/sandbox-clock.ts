import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * The clock of a sandbox: real time and an offset that only grows, kept in a file, so that a restart does not turn back
 * what was decided under it. While the samples are made, it stands where they are told to have happened.
 */
export class SandboxClock {
  readonly #path: string;
  #offset: number;
  #standing: Date | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#offset = kept(path);
  }

  get offsetSeconds(): number {
    return this.#offset;
  }

  now(): Date {
    return this.#standing ?? new Date(Date.now() + this.#offset * 1000);
  }

  advance(seconds: number): void {
    this.#offset += seconds;
    const draft = `${this.#path}.new`;
    writeFileSync(draft, JSON.stringify({ offsetSeconds: this.#offset }));
    renameSync(draft, this.#path);
  }

  /** Stands at an instant, in this process only, until it runs again. */
  standAt(instant: Date): void {
    this.#standing = instant;
  }

  run(): void {
    this.#standing = undefined;
  }
}

function kept(path: string): number {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const isKept = typeof json === 'object' && json !== null && 'offsetSeconds' in json;
    const offset = isKept ? Number(json.offsetSeconds) : 0;
    return Number.isInteger(offset) && offset >= 0 ? offset : 0;
  } catch {
    return 0;
  }
}
