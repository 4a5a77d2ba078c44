import type { Act } from '../play.ts';
import type { Literal } from '../acts/row.ts';
import type { Random } from '../draw/random.ts';

/** What a prepared state is made by. */
export interface Preparing {
  readonly add: Add;
  readonly random: Random;
  readonly submitter: string;
  /** Asks about people who sign up, and is told */
  readonly checker: string;
  /** References to what the first acts made */
  readonly record: string;
  readonly claimant: string;
  readonly sharer: string;
  readonly check: string;
}

/** Adds an act. @returns its id */
export type Add = (
  by: string,
  op: Act['op'],
  more?: { refs?: Act['refs'] } & Record<string, Literal | Act['refs']>,
) => string;

/** Lets time pass, and the mail go out */
export const world = 'operator-2';
