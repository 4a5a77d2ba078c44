import type { Environment } from '../environment.ts';

interface LineOptions {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly now: () => number;
}

const redrawMs = 100;
const plainMs = 10_000;
const cells = 24;

/** How far a ledger is read: on a terminal a bar that redraws itself, elsewhere a line now and then. */
class ProgressLine {
  readonly #options: LineOptions;
  readonly #begun: number;
  #first: number | undefined;
  #drawn: number;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#begun = options.now();
    this.#drawn = options.isTerminal ? -Infinity : this.#begun;
  }

  show({ entries, of }: { entries: number; of: number }): void {
    const { now, isTerminal, write } = this.#options;
    const at = now();
    this.#first ??= entries;
    if (at - this.#drawn < (isTerminal ? redrawMs : plainMs)) return;
    this.#drawn = at;
    const seconds = Math.max(0.001, (at - this.#begun) / 1000);
    const rate = Math.round((entries - this.#first) / seconds);
    const share = of === 0 ? 1 : entries / of;
    const filled = Math.round(share * cells);
    const bar = '#'.repeat(filled) + '-'.repeat(cells - filled);
    const text = `[${bar}] ${Math.floor(share * 100)} %  ${entries} of ${of} entries  ${rate}/s`;
    write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
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
