import { bounds, forEachBound, type Deadlines } from '@recourse/protocol/review';
import { RegistryError } from './errors.ts';

export {
  addDays,
  addHours,
  bounds,
  dueAt,
  type BoundName,
  type Deadlines,
} from '@recourse/protocol/review';

/**
 * The deadlines of a configuration. Only a sandbox, whose statements are worthless elsewhere, leaves the bounds.
 * @throws RegistryError `configuration-invalid` naming the first value outside its bounds
 */
export function deadlinesOf(
  configured: Partial<Deadlines>,
  options: { sandbox: boolean },
): Deadlines {
  return forEachBound((name) => {
    const value = configured[name] ?? bounds[name].default;
    const { floor, ceiling } = options.sandbox ? { floor: 0, ceiling: Infinity } : bounds[name];
    if (value >= floor && value <= ceiling && Number.isFinite(value)) return value;
    throw new RegistryError('configuration-invalid', `${name} is out of bounds`);
  });
}

/** Reviewers who have to be independent of a submitter, so that appeals on its records are heard. */
export const leastReviewers = 3;
/** Records a platform may submit in 24 h of its probation, whoever confirms them. */
export const probationDailyRecords = 20;
/** How long such a record is held after notice, also where its reason answers at once. */
export const probationHoldHours = 168;
/** Checks of this long before a record make it derived from what they told. */
export const priorMatchDays = 365;

/** Elements that one declared signup is good for: its identifiers, and what a day may have more than others. */
export const unitsPerSignup = 8;

/** Of a platform that declared nothing. */
export const defaultSignupsPerDay = 1_000;

/** Tokens have 256 bits; a prefix set never has more than these of them, whatever its size. */
export const mostPrefixBits = 32;
