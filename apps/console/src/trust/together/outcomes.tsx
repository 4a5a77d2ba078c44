import type { Id } from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import { Radios } from '../../parts/choice.tsx';
import { counted } from '../../parts/words.ts';
import { EachForm, type TogetherProps } from './each-form.tsx';

/** The outcomes that burden nobody: the others need a review of each person. */
const light = ['admitted', 'pending'] as const;

/** Reports one outcome of many matches. */
export function Outcomes({ rows, onClose }: TogetherProps): ReactNode {
  const [outcome, setOutcome] = useState<(typeof light)[number]>();
  return (
    <EachForm
      rows={rows}
      onClose={onClose}
      title={`Outcomes of ${counted(rows.length, 'match', 'matches')}`}
      button={(count) => `Report the outcome of ${counted(count, 'match', 'matches')}`}
      what="outcomes are reported"
      isReady={outcome !== undefined}
      one={(recourse, { id }) =>
        recourse.outcomes.report([{ match: id as Id<'mat'>, outcome: outcome! }])
      }
    >
      <Radios
        label="Outcome of each"
        about="Refusing, or admitting with safeguards, needs a review of each person: open that match."
        options={light}
        value={outcome}
        onChange={setOutcome}
      />
    </EachForm>
  );
}
