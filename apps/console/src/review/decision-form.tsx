import { decidedCauses, type ReviewId } from '@recourse/protocol';
import { isRecourseError, type DecisionInput } from '@recourse/sdk';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import type { Draft } from '../identity/draft.ts';
import { Radios } from '../parts/choice.tsx';
import { Field } from '../parts/field.tsx';
import { KeptMark } from '../identity/kept-mark.tsx';
import { useAct } from '../answers/use-act.ts';
import { Amendment } from './amendment.tsx';
import { useUndecided } from './batch.tsx';
import { isOfSpeech, useCaseName, usePartyName, type ReviewCase } from './case-data.ts';
import type { CaseDraft } from './case-draft.ts';
import { consequenceOf, endOfDay } from './consequence.ts';
import { choicesOf } from './outcomes.ts';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { SignDialog } from './sign-dialog.tsx';
import { causeTexts, outcomeTexts } from './words.ts';

interface DecisionFormProps {
  readonly of: ReviewCase;
  readonly id: ReviewId;
  readonly draft: Draft<CaseDraft>;
  readonly onDecided: () => void;
  /** The registry knows no such assignment of the reviewer any more */
  readonly onGone: () => void;
}

/** Every outcome, the reasons, and a plain sentence before anything is signed. */
export function DecisionForm({ of, id, draft, onDecided, onGone }: DecisionFormProps): ReactNode {
  const { value, change } = draft;
  const [isTried, setTried] = useState(false);
  const missing = missingOf(of, value);
  const [isSigning, setSigning] = useState(false);
  const platform = usePartyName(of.signed.iss);
  const whom = useCaseName(of);
  const undecided = useUndecided();
  const next = of.batch.find((one) => one !== id && undecided.has(one));
  const send = useAct('case decided', async (recourse, input: DecisionInput) => {
    const { wasSent } = value;
    // Kept before anything leaves: whoever loads the page again knows that it may have arrived.
    await change({ wasSent: true });
    try {
      const decided = await recourse.review.decide(input);
      onDecided();
      return { whom, decided, next };
    } catch (error) {
      if (wasSent && isRecourseError(error, 'already-decided')) {
        onDecided();
        return { whom, decided: 'received-before', next };
      }
      if (!isRecourseError(error, 'unavailable')) await change({ wasSent: false });
      if (isRecourseError(error, 'not-found')) onGone();
      throw error;
    }
  });
  const check = (): void => {
    setTried(true);
    setSigning(Object.keys(missing).length === 0);
  };
  const sign = (): void => {
    setSigning(false);
    send.mutate(inputOf({ of, id, draft: value }));
  };
  return (
    <FormFaults error={send.error} own={isTried ? missing : undefined}>
      <div className="stack">
        <Outcomes of={of} draft={draft} />
        <Texts of={of} draft={draft} />
        <FormProblem />
        <div className="row">
          <Button className="react-aria-Button main" onPress={check} isPending={send.isPending}>
            {send.isError ? 'Check and send again' : 'Check what happens'}
          </Button>
          <KeptMark kept={draft.kept} />
        </div>
        <SignDialog
          isOpen={isSigning}
          sentences={consequenceOf(of, value, platform)}
          onSign={sign}
          onClose={() => setSigning(false)}
        />
      </div>
    </FormFaults>
  );
}

interface PartProps {
  readonly of: ReviewCase;
  readonly draft: Draft<CaseDraft>;
}

function Outcomes({ of, draft: { value, change } }: PartProps): ReactNode {
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const first = group.current?.querySelector<HTMLInputElement>('input:not(:disabled)');
    first?.focus();
  }, []);
  const choices = choicesOf(of);
  return (
    <>
      <div ref={group}>
        <Radios
          name="outcome"
          label="Outcome"
          options={choices.map(({ outcome }) => outcome)}
          value={value.outcome === '' ? undefined : value.outcome}
          onChange={(outcome) => void change({ outcome })}
          text={(outcome) => outcomeTexts[outcome]}
          closed={(outcome) => choices.find((choice) => choice.outcome === outcome)?.closed}
        />
      </div>
      {needsCause(of, value) ? (
        <Radios
          name="cause"
          label="Why the record is wrong"
          options={decidedCauses.filter((cause) => cause !== 'expression' || isOfSpeech(of))}
          value={value.cause === '' ? undefined : value.cause}
          onChange={(cause) => void change({ cause })}
          text={(cause) => causeTexts[cause]}
        />
      ) : null}
      {value.outcome === 'amended' ? (
        <Amendment of={of} draft={value} change={(part) => void change(part)} />
      ) : null}
    </>
  );
}

const Texts = ({ of, draft: { value, change } }: PartProps): ReactNode => (
  <>
    {of.batch.length > 1 ? (
      <Field
        name="tie"
        label="What ties this creator to the evidence"
        about="Or that nothing does. What is true of the evidence is not yet true of everybody."
        rows={3}
        most={4000}
        value={value.tie}
        onChange={(tie) => void change({ tie })}
      />
    ) : null}
    <Field
      name="reasons"
      label="Reasons"
      about={`For the creator and the platform. ${value.reasons.length} of 20,000 characters.`}
      rows={8}
      most={20_000}
      value={value.reasons}
      onChange={(reasons) => void change({ reasons })}
    />
  </>
);

/** Makes the input that is signed: each outcome has only its own members. */
function inputOf(by: { of: ReviewCase; id: ReviewId; draft: CaseDraft }): DecisionInput {
  const { of, id, draft } = by;
  const { outcome, cause, lesser, expires, detach, reasons, tie } = draft;
  if (outcome === '') throw new TypeError('no outcome was chosen');
  const amends = outcome === 'amended';
  return {
    appeal: id,
    sanction: of.sanction,
    outcome,
    reasons,
    cause: needsCause(of, draft) && cause !== '' ? cause : undefined,
    reason: amends && lesser !== '' ? lesser : undefined,
    expires: amends && expires !== '' ? endOfDay(expires) : undefined,
    detach: amends && detach.length > 0 ? detach : undefined,
    tie: of.batch.length > 1 ? tie : undefined,
  };
}

/** Fields that a decision still lacks; the registry would refuse it. */
type Missing = Partial<
  Readonly<Record<'outcome' | 'cause' | 'amendment' | 'tie' | 'reasons', string>>
>;

/** Of a decision that is made again, too: a cause that two have to name is asked for without saying so. */
const needsCause = (reviewed: Pick<ReviewCase, 'batch'>, { outcome }: CaseDraft): boolean =>
  outcome === 'reversed' || outcome === 'finding' || (outcome === 'failed' && 'again' in reviewed);

function missingOf(reviewed: ReviewCase, draft: CaseDraft): Missing {
  const { batch } = reviewed;
  const { outcome, cause, lesser, expires, detach, tie, reasons } = draft;
  const amends = lesser !== '' || expires !== '' || detach.length > 0;
  return {
    ...(outcome === '' ? { outcome: 'Choose one of the open outcomes.' } : {}),
    ...(needsCause(reviewed, draft) && cause === ''
      ? { cause: 'Say why the record is wrong.' }
      : {}),
    ...(outcome === 'amended' && !amends ? { amendment: 'Say what the amendment changes.' } : {}),
    ...(batch.length > 1 && tie.trim() === ''
      ? { tie: 'Say what ties this creator to the evidence, or that nothing does.' }
      : {}),
    ...(reasons.trim() === '' ? { reasons: 'Write your reasons.' } : {}),
  };
}
