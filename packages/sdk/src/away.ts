import { isRecourseError, type RecourseErrorCode } from './errors.ts';

/** The answer was lost, or the registry said that nothing was written. */
const awayCodes: ReadonlySet<RecourseErrorCode> = new Set<RecourseErrorCode>([
  'unavailable',
  'overloaded',
  'audit-unavailable',
  'recovering',
]);

/** Whether an error only means that the registry is away. */
export const isAway = (error: unknown): boolean =>
  isRecourseError(error) && awayCodes.has(error.code);
