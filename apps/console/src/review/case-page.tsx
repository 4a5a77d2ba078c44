import { Note, When } from '@recourse/design';
import { reviewIdSchema, type ReviewId } from '@recourse/protocol';
import { isRecourseError } from '@recourse/sdk';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import './review.css';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { AskForm } from './ask-form.tsx';
import { Batch } from './batch.tsx';
import { isInspection, ruleOf, useCase, type ReviewCase } from './case-data.ts';
import { useCaseDraft, type CaseDraft } from './case-draft.ts';
import { Clock } from './clock.tsx';
import { EndedNote } from './case-ends.tsx';
import { DecisionForm } from './decision-form.tsx';
import type { Draft } from '../identity/draft.ts';
import { EvidenceColumn } from './evidence-column.tsx';
import { FirstQuestion } from './first-question.tsx';
import { RecordColumn } from './record-column.tsx';
import { RecuseForm } from './recuse-form.tsx';
import { ReliefForm } from './relief-form.tsx';
import { WordsColumn } from './words-column.tsx';
import { words } from '../parts/words.ts';
import { groundTexts } from './words.ts';

/** One case, from the first question to the decision. */
export function CasePage(): ReactNode {
  const { id } = useParams({ strict: false });
  const review = reviewIdSchema.safeParse(id);
  if (review.success) return <Case key={review.data} id={review.data} />;
  return (
    <Page title="There is no such case">
      <p>The address may be mistyped. Open the case from your queue.</p>
    </Page>
  );
}

function Case({ id }: { readonly id: ReviewId }): ReactNode {
  const draft = useCaseDraft(id);
  const [isDecided, setDecided] = useState(false);
  // A case that was decided is the reviewer's no more.
  const query = useCase(id, { enabled: !isDecided });
  const { refetch } = query;
  const isDropped = draft?.isGone === true;
  useEffect(() => {
    // Another tab of the same person decided it, and so dropped the draft.
    if (isDropped && !isDecided) void refetch();
  }, [isDropped, isDecided, refetch]);
  const title = query.data ? titleOf(query.data) : 'Case';
  if (isDecided) {
    return (
      <Page title={title}>
        <p className="soft">You decided this case.</p>
      </Page>
    );
  }
  // What was read stays in sight: somebody may be typing about it.
  const isGone = isRecourseError(query.error, 'not-found');
  const isTyping = draft?.value.knowsNobody === true && !isDropped;
  return (
    <Page title={title}>
      {isGone ? <EndedNote draft={draft} /> : null}
      {isGone && (query.data === undefined || !isTyping) ? null : (
        <Loaded query={query}>
          {(one) =>
            draft === undefined ? null : (
              <Desk
                of={one}
                id={id}
                draft={draft}
                onGone={() => void refetch()}
                onDecided={() => {
                  // Before every screen reads anew what may have changed.
                  flushSync(() => setDecided(true));
                  void draft.drop();
                }}
              />
            )
          }
        </Loaded>
      )}
    </Page>
  );
}

const titleOf = (theCase: ReviewCase): string =>
  `${isInspection(theCase) ? 'Inspection' : 'Appeal'}: ${ruleOf(theCase).texts.en.title}`;

interface DeskProps {
  readonly of: ReviewCase;
  readonly id: ReviewId;
  readonly draft: Draft<CaseDraft>;
  readonly onDecided: () => void;
  readonly onGone: () => void;
}

function Desk({ of, id, draft, onDecided, onGone }: DeskProps): ReactNode {
  // How often somebody went there: each time the first open outcome has the focus.
  const [visits, setVisits] = useState(draft.value.outcome === '' ? 0 : 1);
  const decide = (): void => setVisits(visits + 1);
  if (!draft.value.knowsNobody) return <FirstQuestion of={of} id={id} draft={draft} />;
  if (of.state !== 'open') {
    return <Note tone="wait" title="The case is closed, so nothing is left to decide." />;
  }
  return (
    <>
      <Clock of={of} />
      <Batch of={of} id={id} />
      <p>
        {/* The next key goes on from the first question. */}
        <Button autoFocus onPress={decide}>
          Go to the decision
        </Button>
      </p>
      <div className="columns three">
        <RecordColumn of={of} />
        <WordsColumn of={of} id={id} />
        <EvidenceColumn of={of} id={id} />
      </div>
      <Folded title="Earlier decisions on the same reason">
        <Earlier of={of} />
      </Folded>
      {isInspection(of) ? null : (
        <>
          <Folded title="Ask the creator, or tell the gist">
            <AskForm of={of} draft={draft} />
          </Folded>
          <Folded title="Relief while you look">
            <ReliefForm of={of} />
          </Folded>
        </>
      )}
      <Folded title="Give the case back">
        <RecuseForm of={of} id={id} onRecused={draft.drop} />
      </Folded>
      <h2>Decision</h2>
      {visits > 0 ? (
        <DecisionForm key={visits} {...{ of, id, draft, onDecided, onGone }} />
      ) : (
        <Button onPress={decide}>Write the decision</Button>
      )}
    </>
  );
}

const Folded = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Disclosure>
    <Heading level={2}>
      <Button slot="trigger">{title}</Button>
    </Heading>
    <DisclosurePanel>{children}</DisclosurePanel>
  </Disclosure>
);

/**
 * Decisions of others on the same reason, without their records: they show how strict the panel is, and are no
 * precedent.
 */
function Earlier({ of: { earlier } }: { readonly of: ReviewCase }): ReactNode {
  if (earlier.length === 0) return <p>Nobody decided on this reason within a year.</p>;
  return (
    <ul>
      {earlier.map(({ outcome, cause, ground, decidedAt }) => (
        <li key={`${decidedAt} ${outcome}`}>
          <When at={decidedAt} />: {words(outcome)}
          {cause === undefined ? '' : ` (${words(cause)})`}. The creator said: {groundTexts[ground]}
          .
        </li>
      ))}
    </ul>
  );
}
