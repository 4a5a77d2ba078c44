/** How far one deed was played. */
export interface Deed {
  readonly title: string;
  /** How often it should be done */
  readonly wanted: number;
  played: number;
  clicks: number;
  keys: number;
  seconds: number;
  /** Why it was not done; undefined where it was */
  fault?: string;
}

/** The deeds of a month, one after the other: every click and key counts for the one that is played. */
export class Deeds {
  readonly all: Deed[] = [];
  /** Keeps what everybody had before them */
  onFault: (deed: number) => Promise<void> = () => Promise.resolve();
  #at: Deed | undefined;

  /** Plays a deed. A fault ends this deed alone. */
  async play(
    title: string,
    wanted: number,
    run: (done: (times?: number) => void) => Promise<void>,
  ): Promise<void> {
    const deed: Deed = { title, wanted, played: 0, clicks: 0, keys: 0, seconds: 0 };
    this.all.push(deed);
    this.#at = deed;
    const begun = performance.now();
    try {
      await run((times = 1) => {
        deed.played += times;
      });
      if (deed.played < wanted) deed.fault = `${wanted - deed.played} were not done`;
    } catch (error) {
      deed.fault = error instanceof Error ? error.message : String(error);
      await this.onFault(this.all.length);
    } finally {
      deed.seconds = (performance.now() - begun) / 1000;
      this.#at = undefined;
      console.log(lineOf(deed));
    }
  }

  count(clicks: number, keys = 0): void {
    if (!this.#at) return;
    this.#at.clicks += clicks;
    this.#at.keys += keys;
  }

  /** @returns whether nothing that was played failed */
  print(): boolean {
    console.log(`\n${headOf()}`);
    for (const deed of this.all) console.log(rowOf(deed));
    for (const { title, fault } of this.all) {
      if (fault !== undefined) console.log(`\n${title}: ${fault}`);
    }
    return this.all.every(({ fault }) => fault === undefined);
  }
}

const columns = [46, 8, 8, 8, 8, 9] as const;

const cells = (texts: readonly string[], last: string): string =>
  [
    ...texts.map((text, at) =>
      at === 0 ? text.padEnd(columns[at] ?? 0) : text.padStart(columns[at] ?? 0),
    ),
    ` ${last}`,
  ].join(' ');

const headOf = (): string =>
  cells(['deed', 'wanted', 'played', 'clicks', 'keys', 'seconds'], 'done');

const rowOf = (deed: Deed): string =>
  cells(
    [
      deed.title,
      String(deed.wanted),
      String(deed.played),
      String(deed.clicks),
      String(deed.keys),
      deed.seconds.toFixed(1),
    ],
    wordOf(deed),
  );

const wordOf = ({ fault }: Deed): string => (fault === undefined ? 'yes' : 'NO');

const lineOf = (deed: Deed): string =>
  `${deed.title}: ${deed.played} of ${deed.wanted}, ${deed.seconds.toFixed(1)} s, ${wordOf(deed)}`;
