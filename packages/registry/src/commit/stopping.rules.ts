import { addDays } from '@recourse/protocol/review';

/** Days after its deadline from which an open recall stops the checks of its platform. */
const recallDays = 14;
/** Days for which an outcome may be owed. */
const outcomeDays = 90;

/** Open recalls due before this instant stop checks: nobody has to write that down first. */
export const stopsChecksIfDueBefore = (now: Date): Date => addDays(now, -recallDays);

/** Matches told by this instant and without a final outcome stop checks; nobody writes it down first. */
export const stopsChecksIfToldBy = (now: Date): Date => addDays(now, -outcomeDays);
