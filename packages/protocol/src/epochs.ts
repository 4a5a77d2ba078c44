/**
 * How the keys of tokens follow each other. An epoch lives 90 days or more. The next one is announced a day before
 * it opens, and both are live for 14 days: in these every platform makes the tokens of its records anew.
 *
 * While two are live, records are made and compared under the older one, in which every live record has its tokens; the
 * newer one fills. So nothing is found under it alone before the older one closes.
 */
export const epochDays = 90;
export const overlapDays = 14;
/** From the entry that announces a key until it is used. */
export const announcedHours = 24;
/** A rotation is announced no longer ahead than this. */
export const announcedDaysAtMost = 90;
