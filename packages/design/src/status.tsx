import type { ReactNode } from 'react';

/** The meaning of a colour; the words beside it always say it too. */
export type Tone = 'quiet' | 'good' | 'wait' | 'bad';

export const Status = ({
  tone,
  children,
}: {
  readonly tone: Tone;
  readonly children: ReactNode;
}): ReactNode => <span className={`status ${tone}`}>{children}</span>;
