/** One thing the demo claims, with whether it held. */
export interface Step {
  readonly what: string;
  readonly held: boolean;
  readonly detail?: string;
}

/** Prints each step as it happens, and remembers whether all of them held. */
export class Steps {
  readonly all: Step[] = [];
  readonly #print: (text: string) => void;

  constructor(print: (text: string) => void) {
    this.#print = print;
  }

  /** Something that is only told */
  tell(text: string): void {
    this.#print(text);
  }

  check(claim: string, held: boolean, detail?: string): void {
    this.all.push({ what: claim, held, ...(detail === undefined ? {} : { detail }) });
    this.#print(`${held ? '✓' : '✗'} ${claim}${detail === undefined ? '' : `: ${detail}`}`);
  }

  get held(): boolean {
    return this.all.every((step) => step.held);
  }
}
