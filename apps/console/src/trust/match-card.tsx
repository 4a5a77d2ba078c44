import { Facts, Note, Status, When } from '@recourse/design';
import { inquiryQuestions, reasons, tellsOfAct, type InquiryQuestion } from '@recourse/protocol';
import type { VerifiedMatch } from '@recourse/sdk';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Choice } from '../parts/choice.tsx';
import { Problem } from '../parts/problem.tsx';
import { sentence, words } from '../parts/words.ts';
import { useAct } from '../answers/use-act.ts';
import { submitterOf } from './name-of.ts';

/** One disclosed record: its statement in words, and the next step. */
export function MatchCard({ match }: { readonly match: VerifiedMatch }): ReactNode {
  return (
    <>
      <h2>
        {match.reasonWithheld ? 'A record that is disputed' : reasons[match.reason].texts.en.title}{' '}
        <Status tone={match.advice === 'review' ? 'wait' : 'quiet'}>
          {sentence(match.advice)}
        </Status>
      </h2>
      {match.reasonWithheld ? (
        <p>
          An appeal puts in doubt whether this is the person, or the act. Submitter and reason are
          withheld until evidence was confirmed.
        </p>
      ) : (
        <Told match={match} />
      )}
      <p className="soft">
        Matched by {words(match.identifier)}. {sentence(match.corroboration)} recorded the same,
        which does not say that they found it independently.
        {match.disputed ? ' It is disputed: do not treat it as settled.' : ''}
      </p>
      {match.advice === 'verify-identity' ? <VerifyIdentity match={match} /> : null}
      <Ask match={match} />
    </>
  );
}

function Told({
  match,
}: {
  readonly match: Exclude<VerifiedMatch, { reasonWithheld: true }>;
}): ReactNode {
  const { submitter, reason, action, statement, control, provenAt, since, expiresAt } = match;
  return (
    <>
      <p>
        <strong>{submitter.name}</strong> signed: {reasons[reason].act} {reasons[reason].isNot}
      </p>
      <Facts
        facts={{
          'They did': words(action),
          Incident: (
            <>
              <When at={statement.incident_from} /> to <When at={statement.incident_to} />
            </>
          ),
          Evidence: statement.evidence.map((item) => words(item.class)).join(', '),
          'Control proven': (
            <>
              by {words(control)}, <When at={provenAt} />
            </>
          ),
          Since: <When at={since} />,
          Until: <When at={expiresAt} />,
        }}
      />
    </>
  );
}

const VerifyIdentity = ({ match }: { readonly match: VerifiedMatch }): ReactNode => (
  <Note tone="wait" title="Next: verify the identity">
    <p>
      {match.reasonWithheld
        ? 'Nothing here is a reason to refuse anybody.'
        : 'One identifier alone is never a reason to refuse: numbers are shared and change hands.'}{' '}
      Have the person prove a second identifier, add it on the left, and check again. Or ask the
      submitter.
    </p>
  </Note>
);

/** A closed question to the submitter, who answers by a closed list. */
function Ask({ match }: { readonly match: VerifiedMatch }): ReactNode {
  const [asks, setAsks] = useState<InquiryQuestion>();
  const act = useAct('inquiry asked', async (recourse, question: InquiryQuestion) => {
    const { dueAt } = await recourse.matches.ask({ match: match.match, asks: question });
    return { whom: submitterOf(match), dueAt };
  });
  if (act.data) return <p className="soft">You asked: {words(act.variables)}?</p>;
  return (
    <div className="row">
      <Choice
        label="Ask the submitter"
        options={inquiryQuestions.filter(
          (question) => !match.reasonWithheld || !tellsOfAct.has(question),
        )}
        value={asks}
        onChange={setAsks}
        text={(one) => `${sentence(one)}?`}
      />
      <Button
        isDisabled={asks === undefined}
        isPending={act.isPending}
        onPress={() => asks && act.mutate(asks)}
      >
        Ask
      </Button>
      <Problem error={act.error} />
    </div>
  );
}
