export type Instant = Date | string | number;

/** In the language and time zone of the reader, to the day. */
export const dayText = (at: Instant): string =>
  dateOf(at).toLocaleDateString(undefined, { dateStyle: 'medium' });

/** To the minute: for deadlines. */
export const instantText = (at: Instant): string =>
  dateOf(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Statements have seconds since 1970. */
export const dateOf = (at: Instant): Date => new Date(typeof at === 'number' ? at * 1000 : at);
