import { Note, When } from '@recourse/design';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';

/** Answer of the registry to an act of two operators. */
export interface ProposalAnswer {
  readonly state: 'proposed' | 'executed';
  readonly executeBefore?: string | undefined;
}

/** Done, or who has to agree until when. */
export const Answered = ({ answer }: { readonly answer: ProposalAnswer }): ReactNode =>
  answer.state === 'executed' ? (
    <Note tone="good" title="Done. It is in the public log." announce />
  ) : (
    <Note tone="wait" title="Proposed. Another operator has to agree." announce>
      <p>
        They find it under <Link href="/operator/proposals">Proposals</Link>
        {answer.executeBefore === undefined ? null : (
          <>
            , until <When at={answer.executeBefore} deadline />
          </>
        )}
        . Then it lapses.
      </p>
    </Note>
  );
