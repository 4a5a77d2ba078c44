import { callLifetime, callSkew } from '@recourse/protocol';

/** Figures of rules that stand in the database, too: its checks and guards, and the code that says so first. */

/** Reviewers who have to be independent of a submitter, so that appeals on its records are heard. */
export const leastReviewers = 3;
/** Records a platform may submit in 24 h of its probation, whoever confirms them. */
export const probationDailyRecords = 20;
/** How long such a record is held after notice, also where its reason answers at once. */
export const probationHoldHours = 168;
/** Checks of this long before a record make it derived from what they told. */
export const priorMatchDays = 365;

/** How long a confirmed reversal of speech, or of an authority's record, is held against its group. */
export const speechDays = 365;

/** For so long a member that objected about the groups of a party makes no other objection of that kind against it. */
export const objectionDays = 365;

/** Codes for an address for news: so many a claimant asks for in a day, and so many go to one mailbox. */
export const codesADay = { claimant: 5, mailbox: 3 } as const;

/** Elements that one declared signup is good for: its identifiers, and what a day may have more than others. */
export const unitsPerSignup = 8;

/** Signups a day of a platform that declared none. */
export const defaultSignupsPerDay = 1_000;

/** Tokens have 256 bits; a prefix set never has more than these of them, whatever its size. */
export const mostPrefixBits = 32;

/** Tables of seen calls, one after the other; the one that is used next is emptied meanwhile. */
export const seenTables = ['seen_0', 'seen_1', 'seen_2'] as const;

/** So long a table takes calls: by their `exp`, in seconds. */
export const seenSeconds = 900;

/** The `exp` of two calls that can be admitted at one instant lie no further apart, in seconds. */
export const seenWindowSeconds = callLifetime + 2 * callSkew;
