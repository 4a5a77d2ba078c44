import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Lines that are sorted in memory before they go to a file; some megabytes. */
const linesAtOnce = 10_000;
/** Files that are merged into one */
const runsAtOnce = 16;
const readBytes = 65_536;

/** A line of some fields. */
export type Line = readonly string[];

/** Makes spools, and removes what they have written. */
export class Spools {
  readonly #linesAtOnce: number;
  readonly #open = new Set<number>();
  #dir: string | undefined;
  #files = 0;

  constructor(lines = linesAtOnce) {
    this.#linesAtOnce = lines;
  }

  spool(): Spool {
    return new Spool({
      linesAtOnce: this.#linesAtOnce,
      open: () => this.#openFile(),
      close: (file) => this.#closeFile(file),
    });
  }

  /** Nothing of them is left on the disk. */
  close(): void {
    for (const file of this.#open) this.#closeFile(file);
    if (this.#dir !== undefined) rmSync(this.#dir, { recursive: true, force: true });
  }

  #openFile(): number {
    this.#dir ??= mkdtempSync(join(tmpdir(), 'recourse-doctor-'));
    const path = join(this.#dir, String(this.#files++));
    const file = openSync(path, 'wx+', 0o600);
    this.#open.add(file);
    // Where a file may go while it is open: whoever kills this process leaves none behind.
    if (process.platform !== 'win32') rmSync(path);
    return file;
  }

  #closeFile(file: number): void {
    if (this.#open.delete(file)) closeSync(file);
  }
}

interface Files {
  readonly linesAtOnce: number;
  readonly open: () => number;
  readonly close: (file: number) => void;
}

/**
 * Sorts any number of lines in little memory: parts of them in files, which are merged when they are read. By the first
 * field, then the next ones; a number is compared as text, so write it by {@link numbered}.
 */
export class Spool {
  readonly #files: Files;
  /** Files of sorted lines; each of a level holds those of so many of the level before */
  readonly #levels: number[][] = [];
  #lines: string[] = [];
  size = 0;

  constructor(files: Files) {
    this.#files = files;
  }

  add(...fields: Line): void {
    this.size++;
    this.#lines.push(fields.map(escaped).join('\t'));
    if (this.#lines.length < this.#files.linesAtOnce) return;
    this.#keep(0, this.#write(this.#lines.toSorted()));
    this.#lines = [];
  }

  /** Lines in order. They may be read again, once the reading before has ended. */
  *sorted(): Generator<Line, undefined> {
    const runs = this.#levels.flat().map((file) => linesOf(file));
    for (const line of merged([...runs, this.#lines.toSorted().values()]))
      yield line.split('\t').map(unescaped);
    return undefined;
  }

  #keep(level: number, file: number): void {
    const runs = (this.#levels[level] ??= []);
    runs.push(file);
    if (runs.length < runsAtOnce) return;
    this.#levels[level] = [];
    this.#keep(level + 1, this.#write(merged(runs.map((run) => linesOf(run)))));
    for (const run of runs) this.#files.close(run);
  }

  #write(lines: Iterable<string>): number {
    const file = this.#files.open();
    let part = '';
    for (const line of lines) {
      part += `${line}\n`;
      if (part.length < readBytes) continue;
      writeSync(file, part);
      part = '';
    }
    writeSync(file, part);
    return file;
  }
}

/** A number that is compared as text as it is as a number. */
export const numbered = (n: number): string => String(n).padStart(16, '0');

/** Lines of two spools, or rows, one after the other: the next of them, and none behind the last. */
export class Ahead {
  readonly #lines: Iterator<Line, undefined>;
  next: Line | undefined;

  constructor(lines: Iterator<Line, undefined>) {
    this.#lines = lines;
    this.next = lines.next().value;
  }

  /** @returns the line that was the next */
  take(): Line {
    const line = this.next;
    if (line === undefined) throw new Error('nothing is ahead');
    this.next = this.#lines.next().value;
    return line;
  }

  /** Lines up to those that begin with a text, and these. @returns the latter */
  upTo(first: string, passed: (line: Line) => void = () => undefined): Line[] {
    while (this.next !== undefined && this.next[0]! < first) passed(this.take());
    const same: Line[] = [];
    while (this.next?.[0] === first) same.push(this.take());
    return same;
  }
}

const special = /[\\\t\n]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n' };
const escaped = (field: string): string =>
  special.test(field) ? field.replaceAll(/[\\\t\n]/g, (one) => escapes[one]!) : field;
const unescaped = (field: string): string =>
  field.includes('\\')
    ? field.replaceAll(/\\(.)/g, (_, one: string) =>
        one === 't' ? '\t' : one === 'n' ? '\n' : one,
      )
    : field;

/** The lines of sorted runs, in order. */
function* merged(runs: readonly Iterator<string>[]): Generator<string, undefined> {
  const heads = runs.flatMap((run) => {
    const { value, done } = run.next();
    return done ? [] : [{ run, line: value }];
  });
  while (heads.length > 0) {
    let least = 0;
    for (let i = 1; i < heads.length; i++) if (heads[i]!.line < heads[least]!.line) least = i;
    const head = heads[least]!;
    yield head.line;
    const { value, done } = head.run.next();
    if (done) heads.splice(least, 1);
    else head.line = value;
  }
  return undefined;
}

function* linesOf(file: number): Generator<string> {
  const bytes = Buffer.alloc(readBytes);
  let rest: Buffer = Buffer.alloc(0);
  for (let at = 0; ;) {
    const read = readSync(file, bytes, 0, readBytes, at);
    if (read === 0) return;
    at += read;
    const part = Buffer.concat([rest, bytes.subarray(0, read)]);
    let from = 0;
    for (let end = part.indexOf(10); end !== -1; end = part.indexOf(10, from)) {
      yield part.toString('utf8', from, end);
      from = end + 1;
    }
    rest = part.subarray(from);
  }
}
