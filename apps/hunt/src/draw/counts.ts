import type { Act } from '../play.ts';
import type { Came } from '../acts/things.ts';

/** How often each act, and each choice of it, was accepted; and with which codes it was refused. */
export class Counts {
  readonly #accepted = new Map<string, number>();
  readonly #refused = new Map<string, Set<string>>();
  readonly #tried = new Map<string, number>();
  readonly #reached = new Set<string>();
  readonly #drawn = new Map<string, number>();
  acts = 0;

  note({ op, literals }: Act, came: Came): void {
    this.acts++;
    this.#tried.set(op, (this.#tried.get(op) ?? 0) + 1);
    if (came.accepted) {
      this.#add(op);
      this.#add(`${op} ${Object.values(literals).join(' ')}`);
      return;
    }
    const codes = this.#refused.get(op) ?? new Set();
    this.#refused.set(op, codes.add(came.code));
  }

  /** Of an act that no draw chose: a prepared state is played and looked at, too */
  notePrepared({ op }: Act, came: Came): void {
    this.acts++;
    if (came.accepted) this.#reached.add(op);
  }

  reached(op: string): boolean {
    return this.#reached.has(op) || this.of(op) > 0;
  }

  of(name: string): number {
    return this.#accepted.get(name) ?? 0;
  }

  /** Codes by which an act was refused, so far */
  refusals(op: string): readonly string[] {
    return [...(this.#refused.get(op) ?? [])];
  }

  /** How likely an act is accepted, as far as it was tried */
  shareAccepted({ op }: Act): number {
    return (this.of(op) + 2) / ((this.#tried.get(op) ?? 0) + 2);
  }

  /** Of the names of draws, that which came the least often so far; it comes once more */
  rarest<T>(from: readonly T[], nameOf: (one: T) => string): T | undefined {
    const [one] = from.toSorted((a, b) => this.drawn(nameOf(a)) - this.drawn(nameOf(b)));
    if (one !== undefined) this.draw(nameOf(one));
    return one;
  }

  drawn(name: string): number {
    return this.#drawn.get(name) ?? 0;
  }

  draw(name: string): void {
    this.#drawn.set(name, this.drawn(name) + 1);
  }

  #add(name: string): void {
    this.#accepted.set(name, this.of(name) + 1);
  }
}
