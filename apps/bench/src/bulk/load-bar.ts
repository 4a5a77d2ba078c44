interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const cells = 24;
/** Where nobody sees a bar redraw, a line now and then */
const linesEveryMs = 10_000;

/** How far a load is: on a terminal a bar, elsewhere a line every ten seconds. */
export class LoadBar {
  readonly #total: number;
  readonly #out: Terminal;
  readonly #begun = performance.now();
  #drawn = this.#begun;
  #first: number | undefined;

  constructor(total: number, out: Terminal) {
    this.#total = total;
    this.#out = out;
  }

  show(done: number): void {
    const now = performance.now();
    this.#first ??= done;
    if (!this.#out.isTTY && now - this.#drawn < linesEveryMs && done < this.#total) return;
    this.#drawn = now;
    const text = this.#text(Math.min(done, this.#total), (now - this.#begun) / 1_000);
    this.#out.write(this.#out.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
  }

  end(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }

  #text(done: number, seconds: number): string {
    const share = done / this.#total;
    const filled = Math.round(share * cells);
    const rate = (done - (this.#first ?? 0)) / Math.max(seconds, 0.001);
    const left = rate > 0 ? Math.round((this.#total - done) / rate) : 0;
    const bar = '#'.repeat(filled) + '-'.repeat(cells - filled);
    return `[${bar}] ${done} of ${this.#total} tokens, ${Math.round(rate)}/s, ${left} s left`;
  }
}
