import { fitsKind, recallActions, type Id, type RecallAction } from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import { Radios } from '../../parts/choice.tsx';
import { counted, sentence } from '../../parts/words.ts';
import { EachForm, type TogetherProps } from './each-form.tsx';

/** Own grounds are reviewed and told one by one. */
const shared = recallActions.filter((action) => action !== 'kept-on-own-grounds');

/** Acknowledges many recalls by one action. */
export function Recalls({ rows, onClose }: TogetherProps): ReactNode {
  const [action, setAction] = useState<RecallAction>();
  const [copies, setCopies] = useState<'deleted' | 'kept'>();
  return (
    <EachForm
      rows={rows}
      onClose={onClose}
      title={`Acknowledge ${counted(rows.length, 'recall', 'recalls')}`}
      button={(count) => `Sign and acknowledge ${counted(count, 'recall', 'recalls')}`}
      what="recalls are settled"
      isReady={action !== undefined && copies !== undefined}
      one={(recourse, { id }) =>
        recourse.recalls.acknowledge({
          recall: id as Id<'rcl'>,
          action: action!,
          copies: copies!,
        })
      }
    >
      <Radios
        label="What you did about each"
        about="To keep something on own grounds, open that recall: each needs a review of its own."
        options={shared.filter((one) =>
          rows.every(({ recall }) => recall !== undefined && fitsKind(one, recall)),
        )}
        value={action}
        onChange={setAction}
      />
      <Radios
        label="Copies of what you were told"
        options={['deleted', 'kept']}
        value={copies}
        onChange={setCopies}
        text={sentence}
      />
    </EachForm>
  );
}
