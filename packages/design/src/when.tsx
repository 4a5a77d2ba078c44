import type { ReactNode } from 'react';
import { dateOf, dayText, instantText, type Instant } from './instants.ts';

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
