import { Note, When } from '@recourse/design';
import { reversalRules as rules, type AppealRecord, type OpOutput } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import type { ReactNode } from 'react';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { alarmSaid } from '../parts/alarm-words.ts';
import { counted, words } from '../parts/words.ts';
import { now } from '../identity/clock.ts';
import { useAsked, useRead } from '../registry/calls.ts';
import { leftText } from './left-words.ts';
import { Months, type Month } from './months-chart.tsx';

type StandingView = OpOutput<'parties.standing'>;

/** How the platform stands, and what happens next. */
export function Standing(): ReactNode {
  const query = useRead('parties.standing', {});
  const months = useAsked(['reversals-by-month'], readMonths);
  return (
    <Page title="Standing" about="Your group answers for records that reviewers reversed.">
      <Loaded query={query}>
        {(standing) => (
          <div className="stack">
            <Next standing={standing} />
            <Figures standing={standing} />
            <h2>Appeals decided, by month</h2>
            <Loaded
              query={months}
              empty={{
                when: (list) => list.every(({ decided }) => decided === 0),
                text: 'None was decided in twelve months.',
              }}
            >
              {(list) => <Months months={list} />}
            </Loaded>
            <Quota standing={standing} />
            <Suspensions standing={standing} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Figures({
  standing: { figures, warnedAt },
}: {
  readonly standing: StandingView;
}): ReactNode {
  const { decided, reversed, reversedIn90Days } = figures;
  const percent = decided === 0 ? 0 : Math.round((100 * reversed) / decided);
  return (
    <>
      <h2>Reversals</h2>
      <p>
        In {rules.windowDays} days reviewers decided {counted(decided, 'appeal', 'appeals')} on
        records of yours that other platforms were told of, and reversed {reversed.toLocaleString()}
        {decided === 0 ? '' : ` (${percent} %)`}. In the last {rules.inquiryDays} days they reversed{' '}
        {reversedIn90Days.toLocaleString()}.
      </p>
      <ul>
        <li>
          You are warned at {rules.warnedFrom} reversals that are {rules.warnedPercent} % of the
          decisions, or at {rules.warnedAnyway}.
          {warnedAt === undefined ? null : (
            <>
              {' '}
              You were warned on <When at={warnedAt} />.
            </>
          )}
        </li>
        <li>
          Your submissions are suspended at {rules.suspendedFrom} reversals that are{' '}
          {rules.suspendedPercent} % of the decisions, {rules.warningDays} days after a warning.
        </li>
        <li>
          The panel inquires into your records at {rules.inquiryFrom} reversals in{' '}
          {rules.inquiryDays} days.
        </li>
      </ul>
    </>
  );
}

function Next({ standing }: { readonly standing: StandingView }): ReactNode {
  const { figures, suspensions, warnedAt, notices, backlog, unexamined } = standing;
  const left = rules.warnedFrom - figures.reversed;
  if (suspensions.length > 0) {
    return (
      <Note tone="bad" title="Your submissions are suspended">
        <p>
          Old records are examined again, newest first. An administrator may appeal the suspension
          once.
        </p>
        {unexamined > 0 ? (
          <p>
            Nobody examined {unexamined.toLocaleString()} of your records in time. Until somebody
            does, checks are answered verify-identity alone, without the reason.
          </p>
        ) : null}
      </Note>
    );
  }
  return (
    <>
      <Note
        tone={warnedAt || left <= 0 ? 'wait' : 'good'}
        title={warnedAt ? 'You were warned' : 'Nothing is held against you'}
      >
        <p>
          {left > 0
            ? `A warning comes after ${counted(left, 'more reversal', 'more reversals')}, if reversals are ${rules.warnedPercent} % of the decisions.`
            : 'Read your newest reversals together, and withdraw what you would no longer record.'}
        </p>
      </Note>
      {notices.due.length > 0 ? (
        <Note
          tone="wait"
          title={`${counted(notices.due.length, 'record is', 'records are')} withdrawn unless somebody tells the creator`}
        />
      ) : null}
      {backlog.held > 0 ? (
        <Note
          tone="wait"
          title={`${counted(backlog.held, 'new record is', 'new records are')} held`}
        >
          <p>
            {counted(
              backlog.waiting,
              'appeal on your records waits',
              'appeals on your records wait',
            )}{' '}
            for a reviewer; the limit is {backlog.limit}.
          </p>
        </Note>
      ) : null}
    </>
  );
}

const Quota = ({
  standing: { checks, records },
}: {
  readonly standing: StandingView;
}): ReactNode => (
  <>
    <h2>What you may do today</h2>
    {records ? <p>{leftText(records)}</p> : null}
    <p>
      You may ask about {counted(checks.left, 'identifier', 'identifiers')} more
      {checks.left === checks.bucket ? (
        ': the bucket is full.'
      ) : (
        <>
          , of a bucket of {checks.bucket.toLocaleString()} that is full again on{' '}
          <When at={checks.fullAt} deadline />.
        </>
      )}{' '}
      The last {checks.kept.toLocaleString()} are kept for payout changes, recovery, safety reviews
      and vouching.
    </p>
    {checks.alarms.length === 0 ? null : (
      <Note tone="bad" title="An alarm stopped your checks">
        <ul>
          {checks.alarms.map(({ kind, at, counts }) => (
            <li key={`${at} ${kind}`}>
              <When at={at} />: {alarmSaid(kind, counts)}
            </li>
          ))}
        </ul>
        <p>Tell the operators of the registry what the cause was. They start your checks again.</p>
      </Note>
    )}
  </>
);

function Suspensions({
  standing: { suspensions, items },
}: {
  readonly standing: StandingView;
}): ReactNode {
  return (
    <>
      <h2>Suspensions and items before the panel</h2>
      {suspensions.length + items.length === 0 ? <p className="soft">There are none.</p> : null}
      <ul>
        {suspensions.map(({ cause, since }) => (
          <li key={`${cause} ${since}`}>
            Suspended since <When at={since} />: {words(cause)}
          </li>
        ))}
        {items.map(({ item, kind, dueAt, outcome }) => (
          <li key={item}>
            {words(kind)}: {outcome === undefined ? 'due ' : `${words(outcome)}, was due `}
            <When at={dueAt} />
          </li>
        ))}
      </ul>
    </>
  );
}

const reversing = new Set(['reversed', 'finding']);

const isReversal = ({ outcome, state }: AppealRecord): boolean =>
  state === 'conceded' ||
  state === 'undelivered' ||
  (outcome !== undefined && reversing.has(outcome));

/** The last twelve months, the oldest first, from what became of the own appeals. */
async function readMonths({ appeals }: Recourse): Promise<Month[]> {
  const all: AppealRecord[] = [];
  let cursor: string | undefined;
  do {
    const page: OpOutput<'appeals.list'> = await appeals.list({
      limit: 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    all.push(...page.appeals);
    cursor = page.next;
  } while (cursor !== undefined && all.length < 1_000);
  const today = now();
  return Array.from({ length: 12 }, (_, back) => {
    const at = new Date(today.getFullYear(), today.getMonth() - 11 + back, 1);
    const closed = all.filter(
      ({ closedAt }) => closedAt !== undefined && isSameMonth(new Date(closedAt), at),
    );
    return { at, decided: closed.length, reversed: closed.filter(isReversal).length };
  });
}

const isSameMonth = (a: Date, b: Date): boolean =>
  a.getFullYear() === b.getFullYear() && a.getMonth() === b.getMonth();
