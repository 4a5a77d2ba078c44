import type { Purpose } from '@recourse/protocol';

const seconds = 1000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** How long after its evaluation a check may still ask for matches. */
const askWithin = 1 * hours;
/** How long an answer holds, no-record included; a recall ends it before. */
const answerHolds = 10 * minutes;
/** Only identifiers the person proved control of in the last 24 h: a signup form is no oracle for a stranger's number. */
const proofHolds = 24 * hours;
/** How far the clock of a caller may run ahead (protocol, section 1). */
const skew = 10 * seconds;

/** The oldest instant a check may come from to be asked at `now`. */
export const oldestCheck = (now: Date): Date => new Date(now.getTime() - askWithin);

export const validUntil = (now: Date): Date => new Date(now.getTime() + answerHolds);

/**
 * Whether the proof of control serves the purpose of a check. At signup there has to be one; later an
 * identifier that stands on the account will do.
 */
export function proofServes(purpose: Purpose, provenAt: Date | null, now: Date): boolean {
  if (provenAt === null) return purpose !== 'signup';
  const age = now.getTime() - provenAt.getTime();
  return age >= -skew && (purpose !== 'signup' || age <= proofHolds);
}
