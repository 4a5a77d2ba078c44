import type { Environment } from './environment.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit-code.ts';

interface LineOptions {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly now: () => number;
}

const redrawMs = 100;
const plainMs = 10_000;
const cells = 24;

/** How far something is: on a terminal a line that redraws itself, elsewhere one now and then. */
export class ProgressLine {
  readonly #options: LineOptions;
  readonly #begun: number;
  #drawn: number;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#begun = options.now();
    this.#drawn = options.isTerminal ? -Infinity : this.#begun;
  }

  /** Unless it was drawn just now; `text` is given the seconds since it began. */
  show(text: (seconds: number) => string): void {
    const { now, isTerminal, write } = this.#options;
    const at = now();
    if (at - this.#drawn < (isTerminal ? redrawMs : plainMs)) return;
    this.#drawn = at;
    const line = text(Math.max(0.001, (at - this.#begun) / 1000));
    write(isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
  }

  end(): void {
    if (this.#options.isTerminal) this.#options.write('\r\u001b[K');
  }
}

/** On the standard error of a command. */
export const progressLine = ({ terminal }: Environment): ProgressLine =>
  new ProgressLine({
    write: (text) => process.stderr.write(text),
    isTerminal: terminal.stderr,
    now: () => performance.now(),
  });

export function barOf(share: number): string {
  const filled = Math.round(share * cells);
  return `[${'#'.repeat(filled)}${'-'.repeat(cells - filled)}]`;
}

/** How far a ledger is read. */
export function entryProgress(line: ProgressLine): (at: { entries: number; of: number }) => void {
  let first: number | undefined;
  return ({ entries, of: all }) => {
    const begun = (first ??= entries);
    line.show((seconds) => {
      const share = all === 0 ? 1 : entries / all;
      const rate = Math.round((entries - begun) / seconds);
      return `${barOf(share)} ${Math.floor(share * 100)} %  ${entries} of ${all} entries  ${rate}/s`;
    });
  };
}

/** Aborted by the first Ctrl-C or SIGTERM; the second ends the process at once. */
export function stopSignal(note: (text: string) => void): {
  readonly signal: AbortSignal;
  dispose(): void;
} {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    note('\nStopping when the records in flight are answered; Ctrl-C again stops at once.');
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop);
    },
  };
}

/** Does what takes long: it may show how far it is, and Ctrl-C stops it. */
export async function watched<T>(
  { environment, terminal }: Context,
  act: (by: { line: ProgressLine; signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const line = progressLine(environment);
  const stop = stopSignal((text) => terminal.note(text));
  try {
    return await act({ line, signal: stop.signal });
  } finally {
    line.end();
    stop.dispose();
  }
}
