import type { ReactNode } from 'react';
import type { Tone } from './status.tsx';

interface NoteProps {
  readonly tone?: Tone;
  readonly title?: ReactNode;
  /** Read out as soon as it appears: for what a person did not ask for */
  readonly announce?: boolean;
  readonly children?: ReactNode;
}

/** A remark beside the text, with a bar in its colour. */
export const Note = ({ tone = 'quiet', title, announce, children }: NoteProps): ReactNode => (
  <div
    className={`note ${tone}`}
    role={announce ? (tone === 'bad' ? 'alert' : 'status') : undefined}
  >
    {title === undefined ? null : <p className="title">{title}</p>}
    {children}
  </div>
);
