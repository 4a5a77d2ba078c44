import type { ReactNode } from 'react';

type Instant = Date | string | number;

/** In the language and time zone of the reader, to the day. */
export const dayText = (at: Instant): string =>
  dateOf(at).toLocaleDateString(undefined, { dateStyle: 'medium' });

/** To the minute: for deadlines. */
export const instantText = (at: Instant): string =>
  dateOf(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

interface WhenProps {
  /** A date, its text on the wire, or seconds since 1970 as statements have them */
  readonly at: Instant;
  /** A deadline is told to the minute */
  readonly deadline?: boolean;
}

/** A time by the clock and in the language of the reader. In a narrow column it breaks between day and hour alone. */
export const When = ({ at, deadline }: WhenProps): ReactNode => (
  <time dateTime={dateOf(at).toISOString()}>
    {(deadline ? instantText(at) : dayText(at)).replaceAll(/(?<!,) /g, '\u00a0')}
  </time>
);

const dateOf = (at: Instant): Date => new Date(typeof at === 'number' ? at * 1000 : at);
