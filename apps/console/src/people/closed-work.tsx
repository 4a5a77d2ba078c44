import { Note } from '@recourse/design';
import type { ReactNode } from 'react';
import { useWork, type Work } from './work.ts';

/** Why it is not known here who has what, and what helps. */
export const ClosedWork = ({ work: { state } }: { readonly work: Work }): ReactNode =>
  state === 'invalid' ? (
    <Note tone="bad" title="Who has which row was not signed by a colleague">
      <p>This desk shows none of it. Tell the operators of the registry.</p>
    </Note>
  ) : (
    <Note tone="wait" title="Who has which row is not open to you yet">
      <LookingAgain />
      <p>
        It was sealed before your key was there, and so were comments and absences. Ask a colleague
        to open their inbox: a minute later you read them, too.
      </p>
    </Note>
  );

/** Whoever waits for it sees it once it opens. */
function LookingAgain(): null {
  useWork({ everyMs: 10_000 });
  return null;
}
