import { Facts, Note, When } from '@recourse/design';
import {
  fitsKind,
  recallActions,
  toNumericDate,
  type OpOutput,
  type RecallAction,
  type RecallKind,
  type RecallRecord,
} from '@recourse/protocol';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useRouteId } from '../parts/route-id.ts';
import { useDraft } from '../identity/draft.ts';
import { Radios, Ticks } from '../parts/choice.tsx';
import { DateChoice } from '../parts/date-choice.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { instantOf } from '../parts/local-time.ts';
import { Page } from '../parts/page.tsx';
import { FormFaults, FormProblem } from '../parts/form-faults.tsx';
import { sentence, words } from '../parts/words.ts';
import { useAct } from '../answers/use-act.ts';
import { useAsked } from '../registry/calls.ts';
import { readAll } from '../registry/lists.ts';
import { Comment } from '../people/comment.tsx';
import { personOf, toldOf } from './name-of.ts';
import { Whom } from './whom.tsx';

const allRecalls = {
  op: 'recalls.list',
  input: { all: true },
  rowsOf: ({ recalls }: OpOutput<'recalls.list'>) => recalls,
} as const;

/** One recall: whom it concerns, what to undo, the legal choices, the clock. */
export function Recall(): ReactNode {
  const id = useRouteId();
  const query = useAsked(['recalls'], (recourse, signal) => readAll(recourse, allRecalls, signal));
  return (
    <Page title="Recall">
      <Loaded query={query}>
        {({ rows }) => {
          const recall = rows.find((row) => row.recall === id);
          return recall ? <One recall={recall} /> : <p>You have no recall with this id.</p>;
        }}
      </Loaded>
    </Page>
  );
}

const tasks: Readonly<Record<RecallKind, string>> = {
  undo: 'The record no longer stands. Undo what you did because of it.',
  pause: 'The record is suspended. Pause what you did because of it.',
  correct: 'The record changed. Correct what you hold and did because of it.',
};

function One({ recall }: { readonly recall: RecallRecord }): ReactNode {
  const { told, kind, dueAt, acknowledged, supersededBy } = recall;
  return (
    <div className="columns">
      <div>
        <h2>Whom it concerns</h2>
        <ul>
          {told.map(({ match, outcome, ...telling }) => (
            <li key={match}>
              <Whom about={telling} />
              {outcome === undefined ? null : (
                <span className="soft">You reported {words(outcome)}</span>
              )}
            </li>
          ))}
        </ul>
        <h2>What to do</h2>
        <p>{tasks[kind]}</p>
        <Facts
          facts={{ Due: <When at={dueAt} deadline />, Record: <code>{recall.sanction}</code> }}
        />
      </div>
      <div className="aside stack">
        {acknowledged ? (
          <Note tone="good" title={`Acknowledged: ${words(acknowledged.action ?? 'done')}`}>
            <p>
              <When at={acknowledged.at} deadline />
            </p>
          </Note>
        ) : null}
        {!acknowledged && supersededBy ? <Note title="A later recall took its place." /> : null}
        {!acknowledged && !supersededBy ? <Acknowledge recall={recall} /> : null}
        <Comment row={recall.recall} whom={personOf(toldOf(recall))} />
      </div>
    </div>
  );
}

const own = 'kept-on-own-grounds';
const notOnlyGround = ['no'] as const;

/** Words about own grounds; the tick is no part of it, so that no draft keeps it. */
interface TypedGrounds {
  readonly reviewedAt: string;
  readonly noticeSentAt: string;
}
interface OwnGrounds extends TypedGrounds {
  readonly notOnly: readonly 'no'[];
}

const isComplete = ({ reviewedAt, noticeSentAt, notOnly }: OwnGrounds): boolean =>
  reviewedAt !== '' && noticeSentAt !== '' && notOnly.length > 0;

interface OwnGroundsProps {
  readonly value: OwnGrounds;
  readonly onChange: (value: OwnGrounds) => void;
}

/** A measure that is kept needs a review later than the recall, told to the creator. */
const OwnGroundsPart = ({ value, onChange }: OwnGroundsProps): ReactNode => (
  <>
    <Note tone="wait">
      <p>
        This is published per platform. It needs a review later than the recall, told to the
        creator.
      </p>
    </Note>
    <DateChoice
      name="ownGrounds.reviewedAt"
      label="You reviewed it again"
      withTime
      value={value.reviewedAt}
      onChange={(reviewedAt) => onChange({ ...value, reviewedAt })}
    />
    <DateChoice
      name="ownGrounds.noticeSentAt"
      label="You told the creator"
      withTime
      value={value.noticeSentAt}
      onChange={(noticeSentAt) => onChange({ ...value, noticeSentAt })}
    />
    <Ticks
      name="ownGrounds.matchWasOnlyGround"
      label="The match was not the only ground"
      options={notOnlyGround}
      value={value.notOnly}
      onChange={(notOnly) => onChange({ ...value, notOnly })}
      text={() => 'There was another ground, of your own'}
      about="Where it was the only one, nothing can be kept."
    />
  </>
);

interface Order {
  readonly action: RecallAction;
  readonly copies: 'deleted' | 'kept';
}

function Acknowledge({ recall: record }: { readonly recall: RecallRecord }): ReactNode {
  const { recall, kind } = record;
  const [action, setAction] = useState<RecallAction>();
  const [copies, setCopies] = useState<'deleted' | 'kept'>();
  const [notOnly, setNotOnly] = useState<OwnGrounds['notOnly']>([]);
  const draft = useDraft<TypedGrounds>(`recall/${recall}`, { reviewedAt: '', noticeSentAt: '' });
  const { reviewedAt = '', noticeSentAt = '' } = draft?.value ?? {};
  const grounds = { reviewedAt, noticeSentAt, notOnly };
  const change = ({ notOnly: ticks, ...typed }: OwnGrounds): void => {
    setNotOnly(ticks);
    void draft?.change(typed);
  };
  const isOwn = action === own;
  // What is signed is chosen: nothing of it stands there before.
  const order =
    action && copies && (!isOwn || isComplete(grounds)) ? { action, copies } : undefined;
  const act = useAct('recall settled', async (recourse, { action, copies }: Order) => {
    const { open } = await recourse.recalls.acknowledge({
      recall,
      action,
      copies,
      ...(action === own
        ? {
            ownGrounds: {
              reviewedAt: toNumericDate(instantOf(grounds.reviewedAt)),
              noticeSentAt: toNumericDate(instantOf(grounds.noticeSentAt)),
              matchWasOnlyGround: false,
            },
          }
        : {}),
    });
    await draft?.drop();
    return { whom: personOf(toldOf(record)), action, open };
  });
  return (
    <FormFaults error={act.error}>
      <section className="panel stack">
        <h2>Acknowledge</h2>
        <Radios
          name="action"
          label="What you did"
          options={recallActions.filter((action) => fitsKind(action, kind))}
          value={action}
          onChange={setAction}
        />
        {isOwn ? <OwnGroundsPart value={grounds} onChange={change} /> : null}
        <Radios
          name="copies"
          label="Copies of what you were told"
          options={['deleted', 'kept']}
          value={copies}
          onChange={setCopies}
          text={sentence}
        />
        <FormProblem />
        <div>
          <Button
            className="react-aria-Button main"
            isDisabled={order === undefined}
            isPending={act.isPending}
            onPress={() => order && act.mutate(order)}
          >
            Sign and acknowledge
          </Button>
        </div>
      </section>
    </FormFaults>
  );
}
