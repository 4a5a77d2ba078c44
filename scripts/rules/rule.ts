/** What holds a rule, the strongest first. */
export type Holder =
  /** A constraint or a missing right, also against the code of the service */
  | 'database'
  /** Whoever reads can check it, also against the operator */
  | 'signature'
  /** A rule with a test; a mistake in the code would lift it */
  | 'code';

/** A test as its file names it: a part of the title is enough, as long as the file has it. */
export interface RuleTest {
  /** Path from the root of the repository */
  readonly file: string;
  readonly title: string;
}

/** One protection of a person, as a lawyer reads it, and what makes it true. */
export interface Rule {
  /** What it says, in a sentence */
  readonly rule: string;
  readonly heldBy: Holder;
  /** Files from the root of the repository, or names that stand in one: `mayAppeal` */
  readonly where: readonly string[];
  /** Constraints, unique indexes, triggers and policies of the database, by their names there */
  readonly constraints?: readonly string[];
  readonly tests: readonly RuleTest[];
}

/** Rules under one heading of the page. */
export interface RuleChapter {
  readonly title: string;
  readonly rules: readonly Rule[];
}
