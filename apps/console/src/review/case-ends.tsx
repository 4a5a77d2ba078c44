import { Note } from '@recourse/design';
import type { ReactNode } from 'react';
import { Button, Link } from 'react-aria-components';
import type { CaseDraft } from './case-draft.ts';
import type { Draft } from '../identity/draft.ts';

/** The assignment ended while somebody was at it: nothing of what they typed is lost. */
export function EndedNote({ draft }: { readonly draft: Draft<CaseDraft> | undefined }): ReactNode {
  const { reasons = '', wasSent = false } = draft?.isGone === false ? draft.value : {};
  return (
    <Note tone="wait" title="This case is no longer yours." announce>
      <p>
        {wasSent
          ? 'You sent a decision before: it has most likely arrived.'
          : 'It was decided or closed, or it went to somebody else. Nothing that you send now counts.'}
      </p>
      {reasons === '' ? null : (
        <>
          <p>Your draft is kept in this browser:</p>
          <div className="quote" dir="auto">
            {reasons}
          </div>
          <Button onPress={() => void draft?.drop()}>Delete the draft</Button>
        </>
      )}
      <p>
        <Link href="/review/queue">Back to the queue</Link>
      </p>
    </Note>
  );
}
