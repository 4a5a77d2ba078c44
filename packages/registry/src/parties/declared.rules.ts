import { defaultSignupsPerDay, unitsPerSignup } from '../schema/figures.ts';

/** Daily bounds, as far as operators set or ask for them. */
export interface Bounds {
  readonly submissionsPerDay?: number | undefined;
  readonly elementsPerDay?: number | undefined;
}

/**
 * Beyond what a platform declared it takes two of the operator, so that nobody lets an accomplice look up a country.
 * Lower than what it has takes two as well: a bound of none stops a platform, and nobody alone does that.
 */
export const takesTwo = (
  asked: Bounds,
  had: Bounds,
  signupsPerDay = defaultSignupsPerDay,
): boolean => isBeyondDeclared(asked, signupsPerDay) || isLower(asked, had, signupsPerDay);

/** More records in a day than signups, or more elements than these are good for. */
const isBeyondDeclared = (
  { submissionsPerDay = 0, elementsPerDay = 0 }: Bounds,
  signupsPerDay: number,
): boolean => submissionsPerDay > signupsPerDay || elementsPerDay > unitsPerSignup * signupsPerDay;

/** Where operators set none, a second holder of the platform passes any number of records. */
const isLower = (asked: Bounds, had: Bounds, signupsPerDay: number): boolean =>
  isLess(asked.submissionsPerDay, had.submissionsPerDay ?? Infinity) ||
  isLess(asked.elementsPerDay, had.elementsPerDay ?? unitsPerSignup * signupsPerDay);

const isLess = (asked: number | undefined, had: number): boolean =>
  asked !== undefined && asked < had;
