import { answerDays } from '@recourse/protocol/review';
import { maxWords, type Id } from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Radios } from '../parts/choice.tsx';
import { Field } from '../parts/field.tsx';
import { useAct } from '../answers/use-act.ts';
import { useCaseName, type AppealCase } from './case-data.ts';
import type { CaseDraft } from './case-draft.ts';
import type { Draft } from '../identity/draft.ts';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';

const everybody = 'all';
const kindTexts = {
  gist: 'The gist of the evidence, for everybody who appeals',
  question: 'A question',
} as const;

interface AskFormProps {
  readonly of: AppealCase;
  readonly draft: Draft<CaseDraft>;
}

/** Tells the creator the gist of the evidence, or asks something. */
export function AskForm({ of, draft: { value, change } }: AskFormProps): ReactNode {
  const [to, setTo] = useState(everybody);
  const whom = useCaseName(of);
  const ask = useAct('creator asked', async (recourse, appeal: Id<'apl'>) => {
    const { askedKind: kind, asked: text } = value;
    const claimant = kind === 'question' && to !== everybody ? { claimant: Number(to) } : {};
    const { answerDueAt, decisionDueAt } = await recourse.review.ask({
      appeal,
      kind,
      text,
      ...claimant,
    });
    await change({ asked: '' });
    return { whom, answerDueAt, decisionDueAt };
  });
  if (ask.data) return <Button onPress={ask.reset}>Write something else</Button>;
  return (
    <FormFaults error={ask.error}>
      <div className="stack">
        <Radios
          name="kind"
          label="What you write"
          options={['gist', 'question']}
          value={value.askedKind}
          onChange={(askedKind) => void change({ askedKind })}
          text={(kind) => kindTexts[kind]}
        />
        {value.askedKind === 'question' && of.claimants.length > 1 ? (
          <Radios
            name="claimant"
            label="For whom"
            options={[everybody, ...of.claimants.map(({ claimant }) => String(claimant))]}
            value={to}
            onChange={setTo}
            text={(one) => (one === everybody ? 'Everybody who appeals' : `Claimant ${one} alone`)}
          />
        ) : null}
        <Field
          name="text"
          label="Text for the creator"
          about={`They have ${answerDays} days to answer, and your deadline moves along as far as it may.`}
          rows={4}
          most={maxWords}
          value={value.asked}
          onChange={(asked) => void change({ asked })}
        />
        <FormProblem />
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
    </FormFaults>
  );
}
