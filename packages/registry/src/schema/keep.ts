/**
 * How long something is kept: what ends it, in words for the page that is made from this. `texts` and `case` are the
 * two steps of an erasure; every other one that ends is swept by due work.
 */
export const lives = {
  texts:
    'of a reversed record: until its recalls are closed, and for a day in which another reviewer may be drawn for it; of any other: 180 days after its end; of an identifier: 30 days after a claimant who proved it asked, once its record has ended',
  case: '180 days after the end of its record, sooner if claimants asked for all of it',
  remains:
    'for good: figures of the report and of error rates, under a number that tells something only to those who have it already',
  answers: '30 days',
  contact:
    'until its case closes (three days more if the last mail cannot be sent), the claimant takes it back, or a day passes without its confirmation',
  delivery: 'until a mail server or SMS gateway took or refused the message, 72 hours at most',
  finds: 'a day after it expired',
  codes: 'a day',
  tickets: 'until it expires',
  guesses: '30 days',
  counted: 'until the report after the erasure of its case, a day later',
  invites: '30 days after it expired',
  proposed: 'until another operator signed it, or it lapses after 72 hours',
  seen: 'up to 45 minutes, as long as a copy of the call could come and half an hour more',
  checks: '30 days, longer if a match belongs to it',
  asked: 'an hour, as long as the check may ask',
  checked: '365 days, sooner where a record about it is erased',
  failing: 'until it is written, or is due no more, and an hour more',
  events: '30 days after it was taken, 365 days where nobody took it',
  remembered: 'as its `until` says: 365 days after a match, 24 months after an end',
  folded: 'some seconds, until the prefix sets have it',
  listed: 'until its record has ended, or the identifier matches no longer, and a minute more',
  made: 'while a prefix set is made anew, or an old one deleted: minutes',
  sets: '8 days; the newest of each set until there is a newer one',
  enrolment: 'until an admin states the key, or the holder is removed',
  sealing: 'until its trust key is revoked, or has a newer one',
  book: 'until its platform writes another one, or has no trust key any more',
  logged: 'until it is in the log',
  party: 'for good: published while registered, then as the log has it',
  proof: 'for good: the log, and what its entries are compared with',
  operation: 'for good: how the registry is set up',
} as const;

export type Life = keyof typeof lives;

/** Why something is kept, in what form, and until when. */
export type Keep = {
  readonly why: string;
  /** Clear, a hash, or sealed under what */
  readonly form: string;
} & (
  | {
      readonly life: 'texts' | 'case';
      /** How an erasure takes it: `row` with its row; else the SQL value that takes its place */
      readonly goes?: string;
    }
  | { readonly life: Exclude<Life, 'texts' | 'case'>; readonly goes?: never }
);

/** Some columns of one table that are kept for one reason and as long as each other. */
export interface RetentionRule {
  readonly table: string;
  readonly columns: readonly string[];
  readonly why: string;
  readonly form: string;
  readonly life: Life;
  readonly goes?: string;
}
