import { stripVTControlCharacters } from 'node:util';
import type { Tally } from './tally.ts';

interface BarOptions {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Bytes of the file */
  readonly size: number;
  readonly now: () => number;
}

const redrawMs = 100;
const plainMs = 10_000;
const cells = 24;

/** How far an import is: on a terminal a bar that redraws itself, elsewhere a line now and then. */
export class ProgressBar {
  readonly #options: BarOptions;
  readonly #begun: number;
  #drawn: number;

  constructor(options: BarOptions) {
    this.#options = options;
    this.#begun = options.now();
    this.#drawn = options.isTerminal ? -Infinity : this.#begun;
  }

  show({ position, tally }: { position: number; tally: Tally }): void {
    const { now, isTerminal, write } = this.#options;
    const at = now();
    if (at - this.#drawn < (isTerminal ? redrawMs : plainMs)) return;
    this.#drawn = at;
    const text = this.#text(position, tally);
    write(isTerminal ? `\r\u001b[K${text}` : `${stripVTControlCharacters(text)}\n`);
  }

  end(): void {
    if (this.#options.isTerminal) this.#options.write('\r\u001b[K');
  }

  #text(position: number, tally: Tally): string {
    const { size, now } = this.#options;
    const share = size === 0 ? 1 : Math.min(1, position / size);
    const seconds = Math.max(0.001, (now() - this.#begun) / 1000);
    const { imported, drafted, before, valid, refused } = tally;
    const count = imported + drafted + before + valid + refused;
    const left = share > 0 ? (seconds / share) * (1 - share) : 0;
    const filled = Math.round(share * cells);
    const bar = '#'.repeat(filled) + '-'.repeat(cells - filled);
    const rate = Math.round(count / seconds);
    return `[${bar}] ${Math.round(share * 100)} %  ${count} records  ${rate}/s  ${eta(left)} left  ${refused} refused`;
  }
}

function eta(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
