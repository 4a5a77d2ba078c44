import { defaultSignupsPerDay, unitsPerSignup } from '../schema/figures.ts';

/** Beyond what a platform declared: more records in a day than signups, or more elements than these are good for. */
export const isBeyondDeclared = (
  {
    submissionsPerDay = 0,
    elementsPerDay = 0,
  }: { submissionsPerDay?: number | undefined; elementsPerDay?: number | undefined },
  signupsPerDay = defaultSignupsPerDay,
): boolean => submissionsPerDay > signupsPerDay || elementsPerDay > unitsPerSignup * signupsPerDay;
