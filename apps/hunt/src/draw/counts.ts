import type { Act } from '../play.ts';
import type { Came } from '../acts/things.ts';

/** How often each act, and each choice of it, was accepted; and with which codes it was refused. */
export class Counts {
  readonly #accepted = new Map<string, number>();
  readonly #refused = new Map<string, Set<string>>();
  acts = 0;

  note({ op, literals }: Act, came: Came): void {
    this.acts++;
    if (came.accepted) {
      this.#add(op);
      this.#add(`${op} ${Object.values(literals).join(' ')}`);
      return;
    }
    const codes = this.#refused.get(op) ?? new Set();
    this.#refused.set(op, codes.add(came.code));
  }

  of(name: string): number {
    return this.#accepted.get(name) ?? 0;
  }

  /** Codes by which an act was refused, so far */
  refusals(op: string): readonly string[] {
    return [...(this.#refused.get(op) ?? [])];
  }

  #add(name: string): void {
    this.#accepted.set(name, this.of(name) + 1);
  }
}
