import type { Literal } from '../acts/row.ts';
import type { ActName } from '../acts/table.ts';
import type { Counts } from '../draw/counts.ts';
import type { Random } from '../draw/random.ts';
import type { Stage } from './stage.ts';

/** Something that is due: an act without its id, and how urgent it is among the others. */
export interface Due {
  readonly by: string;
  readonly op: ActName;
  readonly refs: Readonly<Record<string, string>>;
  readonly literals: Readonly<Record<string, Literal>>;
}

export interface Policy {
  readonly stage: Stage;
  readonly random: Random;
  readonly enemies: ReadonlySet<string>;
  readonly counts: Counts;
  /** How often each was tried, by its own name: an honest world does each once, and tries it again when refused */
  readonly tried: Map<string, number>;
}

export type IsHonest = (name: string) => boolean;

// One line an act: who, what, about which things, with which literals.
// oxlint-disable-next-line max-params
export const due = (
  by: string,
  op: ActName,
  refs: Due['refs'] = {},
  literals: Due['literals'] = {},
): Due => ({ by, op, refs, literals });
