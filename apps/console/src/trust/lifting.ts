import type { LiftedBy } from '@recourse/protocol';
import type { Lifting } from '@recourse/sdk';
import { instantOf } from '../parts/local-time.ts';

/** How a measure was lifted, as far as somebody filled it in. */
export interface LiftingInput {
  /** Local date and time, or nothing */
  readonly at: string;
  readonly by?: LiftedBy;
  /** The complaint or the ruling */
  readonly file?: File;
}

/** A home reversal without its lifting counts against the platform: only an empty part leaves it out. */
export const isHalfFilled = ({ at, by, file }: LiftingInput): boolean => {
  const given = [at !== '', by !== undefined, file !== undefined].filter(Boolean).length;
  return given === 1 || given === 2;
};

/** @returns nothing where a part is missing */
export const liftingOf = ({ at, by, file }: LiftingInput): Lifting | undefined =>
  at !== '' && by && file
    ? { at: instantOf(at), by, complaint: { source: file, from: file.name } }
    : undefined;
