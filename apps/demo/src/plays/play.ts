import type { Stage } from './stage.ts';

export type Figures = Readonly<Record<string, number | string | boolean>>;

/** What a play found. */
export interface Finding {
  /** The attacker gained nothing, or no more than the bound of the play */
  readonly held: boolean;
  /** What the attacker gained, in one sentence */
  readonly gained: string;
  readonly figures: Figures;
}

/** An attack that keeps to every form, played against a registry of its own by its public interfaces. */
export interface Play {
  readonly name: string;
  /** What the attacker does */
  readonly says: string;
  /** The most that the attacker may gain */
  readonly bound: string;
  /** Creators come from one address, as the load of this play does: no header says otherwise */
  readonly oneAddress?: true;
  /** Speed decides: while it is open, a run on a machine that is busy with else may find it held */
  readonly measured?: boolean;
  run(stage: Stage): Promise<Finding>;
}

/** An attack on something that is not there would always be held. @throws Error */
export function prepared(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`The play could not begin: ${what}.`);
}
