import { Note } from '@recourse/design';
import type { ReviewId } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Button, Link } from 'react-aria-components';
import { useUndecided } from './batch.tsx';
import type { CaseDraft } from './case-draft.ts';
import type { Decided } from './decision-form.tsx';
import type { Draft } from '../identity/draft.ts';

interface DecidedNoteProps {
  readonly decided: Decided;
  readonly batch: readonly ReviewId[];
  readonly id: ReviewId;
}

/** Shows the end of the decision, and where to go on. */
export function DecidedNote({ decided, batch, id }: DecidedNoteProps): ReactNode {
  const undecided = useUndecided();
  const next = batch.find((one) => one !== id && undecided.has(one));
  return (
    <>
      <Note tone="good" title={titleOf(decided)} announce>
        {decided !== 'received-before' && decided.recalls > 0 ? (
          <p>{decided.recalls} platforms undo what they did because of the record.</p>
        ) : null}
      </Note>
      <p>
        {next === undefined ? (
          <Link href="/review/queue">Back to the queue</Link>
        ) : (
          <Link href={`/review/cases/${next}`}>Next case on the same evidence</Link>
        )}
      </p>
    </>
  );
}

function titleOf(decided: Decided): string {
  if (decided === 'received-before') {
    return 'The registry has your decision: it arrived when you sent it first.';
  }
  return decided.state === 'awaiting-another'
    ? 'Your decision is in. Another reviewer decides too.'
    : `Decided: ${decided.outcome ?? decided.state}.`;
}

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
