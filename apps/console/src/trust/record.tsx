import { Facts, Note, Status, When } from '@recourse/design';
import { peekArtefact, sanctionStatementSchema, type Id, type OpOutput } from '@recourse/protocol';
import type { ReactNode } from 'react';
import { Link } from 'react-aria-components';
import { useRouteId } from '../parts/route-id.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { Reason } from '../parts/reason.tsx';
import { toneOfState } from '../parts/states.ts';
import { sentence, words } from '../parts/words.ts';
import { Comment } from '../people/comment.tsx';
import { Who } from '../people/who.tsx';
import { useRead } from '../registry/calls.ts';
import { nameOf } from './name-of.ts';
import { Whom } from './whom.tsx';
import { Withdraw } from './withdraw.tsx';

type SanctionView = OpOutput<'sanctions.get'>;

/** One record: its state, one timeline, who was told, and its end. */
export function Record(): ReactNode {
  const id = useRouteId();
  const query = useRead('sanctions.get', { sanction: id as Id<'snc'> });
  return (
    <Page title="Record" about={query.data && <Whom about={query.data} />}>
      <Loaded query={query}>
        {(record) => (
          <div className="columns">
            <div>
              <State record={record} />
              <h2>What happened</h2>
              <Timeline record={record} />
            </div>
            <div className="aside stack">
              <Next record={record} />
              <Comment row={record.sanction} whom={nameOf(record)} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

/** The colleague whose statement the record is. */
const signerOf = ({ statement }: SanctionView): string =>
  peekArtefact(statement, { typ: 'recourse-sanction+jwt', schema: sanctionStatementSchema }).jws
    .kid;

const ended: ReadonlySet<string> = new Set(['withdrawn', 'reversed', 'expired', 'undecided']);

function State({ record }: { readonly record: SanctionView }): ReactNode {
  const { state, cause, recalls } = record;
  return (
    <>
      <p>
        <Status tone={toneOfState[state]}>{sentence(state)}</Status>{' '}
        {record.disputed ? <Status tone="wait">Disputed</Status> : null}{' '}
        {cause === undefined ? '' : `because of ${words(cause)}`}
      </p>
      {record.suspendedFor.length === 0 ? null : (
        <Note tone="wait" title="Answers no check">
          <p>{record.suspendedFor.map(words).join(', ')}</p>
        </Note>
      )}
      <Facts
        facts={{
          Reason: <Reason code={record.reason} />,
          Record: <code>{record.sanction}</code>,
          Reference: record.ref,
          'Signed by': <Who who={{ kid: signerOf(record) }} />,
          Submitted: <When at={record.submittedAt} />,
          'Notice due': record.noticeDueAt ? <When at={record.noticeDueAt} deadline /> : undefined,
          'Answers from': record.visibleFrom ? (
            <When at={record.visibleFrom} deadline />
          ) : undefined,
          Ends: <When at={record.endedAt ?? record.expiresAt} />,
          'Platforms told': `${words(record.toldPlatforms)}, as of Monday`,
          Recalls: `${recalls.issued} issued, ${recalls.acknowledged} acknowledged`,
        }}
      />
      <h2>Identifiers</h2>
      <ul>
        {record.subjects.map(({ index, kind, answersFrom, reviewFrom, matchesUntil }) => (
          <li key={index}>
            {sentence(kind)}:{' '}
            {reviewFrom ? 'answers review from ' : 'answers verify identity alone '}
            {reviewFrom ? <When at={reviewFrom} deadline /> : null}
            {!reviewFrom && answersFrom ? <When at={answersFrom} deadline /> : null}, until{' '}
            <When at={matchesUntil} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Timeline({ record }: { readonly record: SanctionView }): ReactNode {
  const lines = [
    ...record.history.map(({ at, event, cause }) => ({
      at,
      text: sentence(event) + (cause === undefined ? '' : `: ${words(cause)}`),
      href: undefined,
    })),
    ...record.deliveries.flatMap(({ at, channel, state }) =>
      at === undefined
        ? []
        : [{ at, text: `Message by ${channel}: ${words(state)}`, href: undefined }],
    ),
    ...record.appeals.map(({ appeal, openedAt, ground }) => ({
      at: openedAt,
      text: `Appeal: ${words(ground)}`,
      href: `/trust/appeals/${appeal}`,
    })),
  ].toSorted((a, b) => a.at.localeCompare(b.at));
  return (
    <ol>
      {lines.map(({ at, text, href }) => (
        <li key={`${at} ${text}`}>
          <When at={at} deadline /> · {href === undefined ? text : <Link href={href}>{text}</Link>}
        </li>
      ))}
    </ol>
  );
}

function Next({ record }: { readonly record: SanctionView }): ReactNode {
  const { sanction, state, noticeDueAt } = record;
  if (ended.has(state))
    return <p className="soft">This record has ended. Nothing is left to do.</p>;
  return (
    <>
      {noticeDueAt === undefined ? null : (
        <Note tone="wait" title="Nobody told the creator yet">
          <p>
            By <When at={noticeDueAt} deadline />, or the record is withdrawn.{' '}
            <Link href={`/trust/notice/${sanction}`}>Send the notice</Link>
          </p>
        </Note>
      )}
      {state === 'draft' ? <Link href={`/trust/drafts/${sanction}`}>Confirm or return</Link> : null}
      <Withdraw record={record} />
    </>
  );
}
