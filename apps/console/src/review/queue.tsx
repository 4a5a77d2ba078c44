import { Note, Status, When } from '@recourse/design';
import { reasons, reviewIdOf, type OpOutput, type ReviewId } from '@recourse/protocol';
import { isRecourseError, type TakenCase } from '@recourse/sdk';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button, Link } from 'react-aria-components';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { counted } from '../parts/words.ts';
import { useAct } from '../answers/use-act.ts';
import { useRead } from '../registry/calls.ts';
import { Problem } from '../parts/problem.tsx';
import { usePartyName } from './case-data.ts';
import { groundTexts, inspectionTexts, panelKindTexts } from './words.ts';

type QueueAnswer = OpOutput<'review.queue'>;
type Claim = QueueAnswer['claims'][number];

/** Shows the cases that wait for the reviewer, by deadline, and the next one by one button. */
export function Queue(): ReactNode {
  const navigate = useNavigate();
  const queue = useRead('review.queue', {}, { everyMs: 60_000 });
  const take = useAct('case taken', async (recourse) => {
    const taken = await recourse.review.take();
    await navigate({ to: caseHref(reviewIdOf(taken)) });
    return { whom: takenName(taken), dueAt: dueOf(taken) };
  });
  const next = (
    <Button
      className="react-aria-Button main"
      autoFocus
      isPending={take.isPending}
      onPress={() => take.mutate(undefined)}
    >
      Next case
    </Button>
  );
  return (
    <Page title="Queue" actions={next}>
      {isRecourseError(take.error, 'not-found') ? (
        <Note tone="good" title="No case waits for you." announce>
          <p>Other reviewers have the rest, or you may not judge it.</p>
        </Note>
      ) : (
        <Problem error={take.error} />
      )}
      <Loaded query={queue}>{(answer) => <Own answer={answer} />}</Loaded>
      <Votes />
      <Recheck />
    </Page>
  );
}

const caseHref = (id: ReviewId): string => `/review/cases/${id}`;

function Own({ answer: { claims, waiting } }: { readonly answer: QueueAnswer }): ReactNode {
  const open = claims.filter(({ state }) => state === 'open');
  const byDeadline = open.toSorted((a, b) => (dueOf(a) < dueOf(b) ? -1 : 1));
  return (
    <>
      <p>
        {waiting.all === 0
          ? 'No case waits for a reviewer. '
          : `You could take ${waiting.eligible} of ${counted(waiting.all, 'case that waits', 'cases that wait')}. `}
        {waiting.overdue === 0 ? null : (
          <span className="bad">{waiting.overdue} should have been taken already.</span>
        )}
      </p>
      <h2>Assigned to you</h2>
      {byDeadline.length === 0 ? <p className="soft">Nothing. Take the next case.</p> : null}
      <ul>
        {byDeadline.map((claim) => (
          <Row key={reviewIdOf(claim)} claim={claim} />
        ))}
      </ul>
    </>
  );
}

const dueOf = (taken: Claim | TakenCase): string =>
  'inspection' in taken ? taken.dueAt : taken.decisionDueAt;

/** A case of which nothing is read yet. */
const takenName = (taken: TakenCase): string =>
  'inspection' in taken ? 'an inspection' : `an appeal, “${groundTexts[taken.ground]}”`;

function Row({ claim }: { readonly claim: Claim }): ReactNode {
  const id = reviewIdOf(claim);
  const about =
    'inspection' in claim
      ? `Inspection: ${inspectionTexts[claim.why]}`
      : `Appeal: ${groundTexts[claim.ground]}`;
  return (
    <li>
      {claim.keyed ? <Link href={caseHref(id)}>{about}</Link> : about}
      {claim.about ? <Against about={claim.about} /> : null}, yours since{' '}
      <When at={claim.claimedAt} />, due <When at={dueOf(claim)} deadline />{' '}
      {claim.keyed ? null : <Status tone="wait">Press “Next case” to take it</Status>}
      {claim.evidenceDueAt === undefined ? null : (
        <Status tone="wait">
          Evidence is due <When at={claim.evidenceDueAt} />
        </Status>
      )}
      {claim.batch === id ? null : (
        <span className="soft"> (with another on the same evidence)</span>
      )}
    </li>
  );
}

const PartyName = ({ id }: { readonly id: string }): ReactNode => usePartyName(id);

type AboutCase = NonNullable<Claim['about']>;

/** The record of a case that was taken. */
const Against = ({ about: { reason, platform } }: { readonly about: AboutCase }): ReactNode => (
  <>
    {' '}
    “{reasons[reason].texts.en.title}” of{' '}
    <bdi>
      <PartyName id={platform} />
    </bdi>
  </>
);

function Votes(): ReactNode {
  const query = useRead('review.items', {});
  return (
    <>
      <h2>Votes</h2>
      <Loaded
        query={query}
        empty={{ when: ({ items }) => items.length === 0, text: 'Nothing is put to your vote.' }}
      >
        {({ items }) => (
          <>
            <ul>
              {items.map(({ item, kind, party, dueAt, voted }) => (
                <li key={item}>
                  <Link href={`/review/items/${item}`}>{panelKindTexts[kind]}</Link>:{' '}
                  <bdi>
                    <PartyName id={party} />
                  </bdi>
                  , due <When at={dueAt} deadline />{' '}
                  {voted ? <Status tone="good">You voted</Status> : null}
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </>
  );
}

/** An item of evidence that another reviewer says does not fit: this browser compares it, nobody reads it. */
function Recheck(): ReactNode {
  const recheck = useAct('dispute settled', async (recourse) => {
    const { says } = await recourse.evidence.recheck();
    const fits = says === 'does-not-open' ? undefined : says === 'fits';
    return { whom: 'the disputed item', fits };
  });
  const isNone = isRecourseError(recheck.error, 'not-found');
  return (
    <>
      <h2>Disputed evidence</h2>
      {isNone ? (
        <p role="status">No disputed item waits for you.</p>
      ) : (
        <Problem error={recheck.error} />
      )}
      <Button onPress={() => recheck.mutate(undefined)} isPending={recheck.isPending}>
        Compare a disputed item
      </Button>
    </>
  );
}
