import { Facts, Note, Status, When } from '@recourse/design';
import {
  reviewIdOf,
  withdrawalCauses,
  type OpOutput,
  type ReviewId,
  type WithdrawalCause,
} from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import { Button, Link } from 'react-aria-components';
import { useRouteId } from '../parts/route-id.ts';
import { useDraft } from '../identity/draft.ts';
import { Choice } from '../parts/choice.tsx';
import { Field } from '../parts/field.tsx';
import { KeptMark } from '../identity/kept-mark.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Reason } from '../parts/reason.tsx';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { sentence, words } from '../parts/words.ts';
import { Comment } from '../people/comment.tsx';
import { useAct } from '../answers/use-act.ts';
import { useRead } from '../registry/calls.ts';
import { Delivering } from './delivering.tsx';
import { nameOf } from './name-of.ts';
import { Whom } from './whom.tsx';

type ReviewView = OpOutput<'appeals.get'>;
type AppealView = Extract<ReviewView, { appeal: unknown }>;

/** An appeal or inspection: the creator's words beside the record, the evidence, and what is due. */
export function Appeal(): ReactNode {
  const id = useRouteId();
  const query = useRead('appeals.get', { appeal: id as ReviewId });
  return (
    <Page title={id.startsWith('itm') ? 'Inspection' : 'Appeal'}>
      <Loaded query={query}>{(review) => <Reviewed review={review} />}</Loaded>
    </Page>
  );
}

function Reviewed({ review }: { readonly review: ReviewView }): ReactNode {
  const query = useRead('sanctions.get', { sanction: review.sanction });
  return (
    <Loaded query={query}>
      {(record) => (
        <div className="columns">
          <div className="stack">
            <p>
              <Whom about={record} />
            </p>
            <Due review={review} />
            {'appeal' in review ? <CreatorWords appeal={review} /> : null}
            <Delivering review={review} whom={nameOf(record)} />
            {'appeal' in review && review.state === 'open' ? (
              <Respond appeal={review} whom={nameOf(record)} />
            ) : null}
          </div>
          <div className="aside stack">
            <OwnRecord record={record} />
            <Comment row={reviewIdOf(review)} whom={nameOf(record)} />
          </div>
        </div>
      )}
    </Loaded>
  );
}

function Due({ review }: { readonly review: ReviewView }): ReactNode {
  const { state, outcome, evidenceDueAt, claims } = review;
  return (
    <>
      <p>
        <Status tone={state === 'open' ? 'wait' : 'quiet'}>{sentence(state)}</Status>{' '}
        {outcome === undefined ? '' : words(outcome)}
      </p>
      <Facts
        facts={{
          Ground: 'appeal' in review ? words(review.ground) : words(review.why),
          Opened: <When at={review.openedAt} />,
          Reviewers: `${claims.length} with a key to seal evidence to`,
          'Evidence due':
            evidenceDueAt === undefined ? undefined : <When at={evidenceDueAt} deadline />,
          'Decision due': (
            <When at={'appeal' in review ? review.decisionDueAt : review.dueAt} deadline />
          ),
        }}
      />
      {'appeal' in review && review.reviewersAgain !== undefined ? (
        <p>
          A reviewer decided about this record before, because nobody else was left. So two decide,
          and neither knows how the other votes. If they differ, the record is reversed.
        </p>
      ) : null}
    </>
  );
}

/** Shows the words of people as text and as nothing else, in the direction of their own script. */
function CreatorWords({ appeal }: { readonly appeal: AppealView }): ReactNode {
  const { words: said, news, joined, questions, response } = appeal;
  return (
    <section>
      <h2>What the creator says</h2>
      <p className="quote" dir="auto">
        {said ?? 'A trust key reads the words.'}
      </p>
      {news === undefined ? null : (
        <p className="quote" dir="auto">
          New: {news}
        </p>
      )}
      {joined.map(({ claimant, ground, words: more, at }) => (
        <div key={`${claimant} ${at}`}>
          <h3>
            Claimant {claimant} joined: {words(ground)}
          </h3>
          {more === undefined ? null : (
            <p className="quote" dir="auto">
              {more}
            </p>
          )}
        </div>
      ))}
      {questions.map(({ question, kind, text, answers }) => (
        <div key={question}>
          <h3>{kind === 'gist' ? 'The reviewer told the gist' : 'The reviewer asked'}</h3>
          <p className="quote" dir="auto">
            {text}
          </p>
          {answers.length > 0 ? null : <p className="soft">Not answered yet.</p>}
          {answers.map(({ claimant, text: answer }) => (
            <div key={claimant}>
              <p>Claimant {claimant} answers:</p>
              <p className="quote" dir="auto">
                {answer}
              </p>
            </div>
          ))}
        </div>
      ))}
      {response ? (
        <Note tone="good" title="You stand by the record">
          <p>
            {response.text} <When at={response.at} deadline />
          </p>
        </Note>
      ) : null}
    </section>
  );
}

interface RespondProps {
  readonly appeal: AppealView;
  /** The record, in words */
  readonly whom: string;
}

function Respond({ appeal: view, whom }: RespondProps): ReactNode {
  const { appeal, sanction, response } = view;
  const [cause, setCause] = useState<WithdrawalCause>();
  const concede = useAct('appeal conceded', async (recourse, why: WithdrawalCause) => {
    const { recalls } = await recourse.appeals.concede({ appeal, sanction, cause: why });
    return { whom, recalls };
  });
  return (
    <>
      {response ? null : <Stand appeal={view} whom={whom} />}
      <FormFaults error={concede.error}>
        <section className="panel stack">
          <h2>Concede</h2>
          <p>
            The record ends, counts as reversed, and each platform that was told undoes what it did.
          </p>
          <Choice
            name="concede.cause"
            label="Why"
            options={withdrawalCauses}
            value={cause}
            onChange={setCause}
          />
          <FormProblem />
          <div>
            <Button
              className="react-aria-Button danger"
              isDisabled={cause === undefined}
              isPending={concede.isPending}
              onPress={() => cause && concede.mutate(cause)}
            >
              Sign and concede
            </Button>
          </div>
        </section>
      </FormFaults>
    </>
  );
}

function Stand({ appeal: { appeal, decisionDueAt }, whom }: RespondProps): ReactNode {
  const draft = useDraft(`stand/${appeal}`, { text: '' });
  const act = useAct('record defended', async (recourse, text: string) => {
    await recourse.appeals.stand({ appeal, text });
    await draft?.drop();
    return { whom, decisionDueAt };
  });
  if (!draft) return null;
  const { text } = draft.value;
  return (
    <FormFaults error={act.error}>
      <section className="panel stack">
        <h2>Stand by the record</h2>
        <Field
          name="stand"
          label="Why it is right"
          rows={5}
          most={4000}
          value={text}
          onChange={(typed) => void draft.change({ text: typed })}
          about={`The reviewer and the creator read it. ${text.length} of 4,000 characters.`}
        />
        <FormProblem />
        <div className="row">
          <Button
            isDisabled={text.trim() === ''}
            isPending={act.isPending}
            onPress={() => act.mutate(text.trim())}
          >
            Stand
          </Button>
          <KeptMark kept={draft.kept} />
        </div>
      </section>
    </FormFaults>
  );
}

const OwnRecord = ({ record }: { readonly record: OpOutput<'sanctions.get'> }): ReactNode => (
  <section className="panel">
    <h2>The record</h2>
    <Facts
      facts={{
        Record: <Link href={`/trust/records/${record.sanction}`}>{nameOf(record)}</Link>,
        Reason: <Reason code={record.reason} />,
        State: sentence(record.state),
        Submitted: <When at={record.submittedAt} />,
        'Platforms told': words(record.toldPlatforms),
      }}
    />
  </section>
);
