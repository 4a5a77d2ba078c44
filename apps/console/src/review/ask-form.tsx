import { instantText, Note } from '@recourse/design';
import { answerDays } from '@recourse/protocol/review';
import { maxWords, type Id } from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Field } from '../parts/field.tsx';
import { useAct } from '../registry/calls.ts';
import type { AppealCase } from './case-data.ts';
import type { CaseDraft } from './case-draft.ts';
import { ChoiceGroup } from './choice-group.tsx';
import type { Draft } from './draft.ts';
import { Refusal } from './refusal.tsx';

interface AskFormProps {
  readonly of: AppealCase;
  readonly draft: Draft<CaseDraft>;
}

/** Tells the creator the gist of the evidence, or asks something. */
export function AskForm({ of, draft: { value, change } }: AskFormProps): ReactNode {
  const [to, setTo] = useState('all');
  const ask = useAct(async (recourse, appeal: Id<'apl'>) => {
    const { askedKind: kind, asked: text } = value;
    const claimant = kind === 'question' && to !== 'all' ? { claimant: Number(to) } : {};
    const answer = await recourse.review.ask({ appeal, kind, text, ...claimant });
    await change({ asked: '' });
    return answer;
  });
  return (
    <div className="stack">
      <ChoiceGroup
        label="What you write"
        value={value.askedKind}
        onChange={(askedKind) => void change({ askedKind })}
        choices={[
          { value: 'gist', text: 'The gist of the evidence, for everybody who appeals' },
          { value: 'question', text: 'A question' },
        ]}
      />
      {value.askedKind === 'question' && of.claimants.length > 1 ? (
        <ChoiceGroup
          label="For whom"
          value={to}
          onChange={setTo}
          choices={[
            { value: 'all', text: 'Everybody who appeals' },
            ...of.claimants.map(({ claimant }) => ({
              value: String(claimant),
              text: `Claimant ${claimant} alone`,
            })),
          ]}
        />
      ) : null}
      <Field
        name="asked"
        label="Text for the creator"
        about={`They have ${answerDays} days to answer, and your deadline moves along as far as it may.`}
        rows={4}
        most={maxWords}
        value={value.asked}
        onChange={(asked) => void change({ asked })}
      />
      <Refusal error={ask.error} />
      {ask.data ? (
        <Note
          tone="good"
          title={`Sent. The creator answers by ${instantText(ask.data.answerDueAt)}.`}
          announce
        />
      ) : null}
      <div>
        <Button
          onPress={() => ask.mutate(of.appeal)}
          isPending={ask.isPending}
          isDisabled={value.asked.trim() === ''}
        >
          Send to the creator
        </Button>
      </div>
    </div>
  );
}
