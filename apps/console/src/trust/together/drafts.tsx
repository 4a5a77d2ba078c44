import type { Id } from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import { Ticks } from '../../parts/choice.tsx';
import { counted } from '../../parts/words.ts';
import { EachForm, type TogetherProps } from './each-form.tsx';

const attested = ['seen'] as const;

/** Confirms many drafts of colleagues. */
export function Drafts({ rows, onClose }: TogetherProps): ReactNode {
  const [said, setSaid] = useState<readonly 'seen'[]>([]);
  return (
    <EachForm
      rows={rows}
      onClose={onClose}
      title={`Confirm ${counted(rows.length, 'draft', 'drafts')}`}
      button={(count) => `Confirm ${counted(count, 'draft', 'drafts')}`}
      what="drafts are records now; tell their creators next"
      isReady={said.length > 0}
      one={(recourse, { id }) => recourse.sanctions.confirm({ sanctions: [id as Id<'snc'>] })}
    >
      <Ticks
        label="You attest, of each draft"
        options={attested}
        value={said}
        onChange={setSaid}
        text={() => 'I read it, and have seen the evidence for it.'}
        about="You sign nothing anew: the statement is your colleague’s, and the files are at its author."
      />
    </EachForm>
  );
}
