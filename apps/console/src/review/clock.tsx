import { instantText } from '@recourse/design';
import { reviewerDays } from '@recourse/protocol/review';
import type { ReactNode } from 'react';
import { isInspection, useNow, type ReviewCase } from './case-data.ts';

interface Deadline {
  readonly name: string;
  readonly at: string;
}

/** Deadlines of a case, the next first. */
export function Clock({ of }: { readonly of: ReviewCase }): ReactNode {
  const now = useNow();
  return (
    <section className="clock small" aria-label="Deadlines">
      <div className="row">
        {deadlinesOf(of).map(({ name, at }) => {
          const isPast = new Date(at) <= now;
          return (
            <span key={`${name} ${at}`} className={isPast ? 'bad' : undefined}>
              <strong>{name}</strong> <time dateTime={at}>{instantText(at)}</time>{' '}
              {isPast ? '(passed)' : `(${untilText(at, now)})`}
            </span>
          );
        })}
        <span className="soft">
          Without an act of yours for {reviewerDays} days the case goes to somebody else.
        </span>
      </div>
    </section>
  );
}

function deadlinesOf(theCase: ReviewCase): Deadline[] {
  const evidence = named('The platform delivers evidence by', theCase.evidenceDueAt);
  const own = isInspection(theCase)
    ? named('Examine by', theCase.dueAt)
    : [
        ...named('Decide by', theCase.decisionDueAt),
        ...named('Decide on relief by', theCase.reliefDueAt),
        ...theCase.questions
          .filter(({ answeredAt }) => answeredAt === undefined)
          .flatMap(({ answerDueAt }) => named('The creator answers by', answerDueAt)),
      ];
  return [...own, ...evidence].toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

const named = (name: string, at: string | undefined): Deadline[] =>
  at === undefined ? [] : [{ name, at }];

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'always' });

function untilText(at: string, now: Date): string {
  const hours = (new Date(at).getTime() - now.getTime()) / 3_600_000;
  return Math.abs(hours) < 48
    ? relative.format(Math.round(hours), 'hour')
    : relative.format(Math.round(hours / 24), 'day');
}
