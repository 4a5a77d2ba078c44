import type { LawName } from '../laws/law.ts';

/** One text of a source, and what stands there once the rule is out. */
export interface Edit {
  /** From the root of the repository */
  readonly file: string;
  /** Stands there exactly once, as a unit test makes sure */
  readonly find: string;
  readonly replace: string;
  /** The function of the database that a guard defines here: it is replaced there, since a step made it */
  readonly function?: string;
}

/** A rule that can be taken out, so that somebody sees whether the hunt misses it. */
export interface Rule {
  readonly id: string;
  /** What it says */
  readonly rule: string;
  /** Laws of which one should be broken without it */
  readonly laws: readonly LawName[];
  readonly edits?: readonly Edit[];
  /** Guards of the database, dropped after its migrations */
  readonly drops?: readonly string[];
}
