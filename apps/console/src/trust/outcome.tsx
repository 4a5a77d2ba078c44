import { outcomes, type Advice, type Id, type Outcome as MatchOutcome } from '@recourse/protocol';
import type { Burden } from '@recourse/sdk';
import { useEffect, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useDraft } from '../identity/draft.ts';
import { usePerson } from '../identity/session.ts';
import { Radios } from '../parts/choice.tsx';
import { DateChoice } from '../parts/date-choice.tsx';
import { instantOf } from '../parts/local-time.ts';
import { faultsAt, FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { now } from '../identity/clock.ts';
import { words } from '../parts/words.ts';
import { useAct } from '../answers/use-act.ts';
import { useAsked } from '../registry/calls.ts';

interface OutcomeProps {
  readonly match: Id<'mat'>;
  /** The person or record, in words */
  readonly whom: string;
  readonly toldAt: Date;
  /** Unknown where the match was made elsewhere: the registry then refuses what it does not allow */
  readonly advice?: Advice | undefined;
}

const reviewMinutes = 10;
const needsReview = (outcome: MatchOutcome | undefined): outcome is Burden =>
  outcome === 'refused' || outcome === 'admitted-with-safeguards';

/** Asks for the outcome of a match: shows every outcome, and why a closed one is closed. */
export function Outcome({ match, whom, toldAt, advice }: OutcomeProps): ReactNode {
  const [outcome, setOutcome] = useState<MatchOutcome>();
  // What is reported is chosen anew: no draft keeps what a key signs.
  const draft = useDraft(`outcome/${match}`, { reviewedAt: '', noticeSentAt: '' });
  const reviewFrom = new Date(toldAt.getTime() + reviewMinutes * 60_000);
  const isSoon = useIsBefore(reviewFrom);
  const { reviewedAt = '', noticeSentAt = '' } = draft?.value ?? {};
  const act = useAct('outcome reported', async (recourse, outcome: MatchOutcome) => {
    await recourse.outcomes.report([
      needsReview(outcome)
        ? {
            match,
            outcome,
            reviewedAt: instantOf(reviewedAt),
            noticeSentAt: instantOf(noticeSentAt),
          }
        : { match, outcome },
    ]);
    await draft?.drop();
    return { whom, outcome };
  });
  if (act.data) return <p className="soft">Your outcome: {words(act.data.outcome)}.</p>;
  const isReady = outcome && (!needsReview(outcome) || (reviewedAt !== '' && noticeSentAt !== ''));
  return (
    <FormFaults error={act.error} read={faultsIn}>
      <div className="stack">
        <Radios
          name="outcome"
          label="Outcome"
          options={outcomes}
          value={outcome}
          onChange={setOutcome}
          closed={(one) => closedWhy(one, { advice, isSoon, reviewFrom })}
        />
        {needsReview(outcome) ? (
          <>
            <ReadyNotice />
            <DateChoice
              name="reviewedAt"
              label="A person of your team reviewed it"
              withTime
              value={reviewedAt}
              onChange={(at) => void draft?.change({ reviewedAt: at })}
              about="At least ten minutes after the match."
            />
            <DateChoice
              name="noticeSentAt"
              label="You told the creator"
              withTime
              value={noticeSentAt}
              onChange={(at) => void draft?.change({ noticeSentAt: at })}
            />
          </>
        ) : null}
        <FormProblem />
        <div>
          <Button
            isDisabled={!isReady}
            isPending={act.isPending}
            onPress={() => outcome && act.mutate(outcome)}
          >
            Report the outcome
          </Button>
        </div>
      </div>
    </FormFaults>
  );
}

/** One outcome is reported: what is wrong with it is wrong with the fields of this form. */
const faultsIn = (error: unknown) =>
  faultsAt(error, (path) => path.replace(/^outcomes\.0\.?/, '') || 'outcome');

interface Known {
  readonly advice: Advice | undefined;
  readonly isSoon: boolean;
  readonly reviewFrom: Date;
}

function closedWhy(
  outcome: MatchOutcome,
  { advice, isSoon, reviewFrom }: Known,
): string | undefined {
  if (outcome === 'refused' && advice === 'verify-identity') {
    return 'Closed: the advice is to verify the identity, and that refuses nobody.';
  }
  if (needsReview(outcome) && isSoon) {
    return `Closed until ${reviewFrom.toLocaleTimeString(undefined, { timeStyle: 'short' })}: a review takes ten minutes at least.`;
  }
  return undefined;
}

/** True until the instant has come; then the screen changes by itself. */
function useIsBefore(instant: Date): boolean {
  const left = instant.getTime() - now().getTime();
  const [, setPassed] = useState(false);
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = setTimeout(() => setPassed(true), left);
    return () => clearTimeout(timer);
  }, [left]);
  return left > 0;
}

/** The notice that a creator is owed, to be copied into the own product. */
function ReadyNotice(): ReactNode {
  const person = usePerson();
  const { data: name = 'We' } = useAsked(['party-name', person.party], ({ session: { parties } }) =>
    parties.name(person.party),
  );
  const text =
    `${name} asked the shared registry ${person.registry.origin} about an identifier that you proved, and was told of a ` +
    `record by another platform. A person of our team reviewed it. Read the record, see who was told, and appeal free of ` +
    `charge: ${person.registry.origin}/case/find`;
  return (
    <div>
      <h3>The notice, ready to send</h3>
      <p className="quote">{text}</p>
      <Button onPress={() => void navigator.clipboard.writeText(text)}>Copy</Button>
      <p className="soft small">Name the submitter, too, if it was told to you.</p>
    </div>
  );
}
