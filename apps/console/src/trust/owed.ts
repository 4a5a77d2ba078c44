import { reasons, reviewIdOf, type OpInput, type OpOutput } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import type { UseQueryResult } from '@tanstack/react-query';
import { words } from '../parts/words.ts';
import { useAsked } from '../registry/calls.ts';
import { readAll, type PagedOp, type Source } from '../registry/lists.ts';

export type OwedKind = 'notice' | 'evidence' | 'recall' | 'outcome' | 'draft' | 'inquiry';

/** One thing that the platform owes: what, by when, and the one action. */
export interface Owed {
  readonly id: string;
  readonly kind: OwedKind;
  readonly what: string;
  readonly dueAt: string | undefined;
  readonly action: string;
  readonly href: string;
}

/** All that is owed, the earliest deadline first. */
export interface AllOwed {
  readonly owed: readonly Owed[];
  /** A list went on further than the desk reads: there is more than this */
  readonly isWhole: boolean;
}

/** The inbox and the counts of the navigation share the answer. */
export const useOwed = (): UseQueryResult<AllOwed> =>
  useAsked(['owed'], readOwed, { everyMs: 60_000 });

type Read = <N extends PagedOp, T>(source: Source<N, T>) => ReturnType<typeof readAll<N, T>>;

async function readOwed(recourse: Recourse, signal: AbortSignal): Promise<AllOwed> {
  const read: Read = (source) => readAll(recourse, source, signal);
  const lists = await Promise.all([
    read(outcomes),
    read(recalls),
    read(reviews),
    read(drafts),
    read(notices),
    read(inquiries),
  ]);
  const owed = lists.flatMap(({ rows }) => rows);
  return {
    owed: owed.toSorted((a, b) => (a.dueAt ?? '9').localeCompare(b.dueAt ?? '9')),
    isWhole: lists.every(({ isWhole }) => isWhole),
  };
}

const outcomes = source('checks.owed', {}, ({ owed }) =>
  owed.map(({ match, purpose, dueAt }) => ({
    id: match,
    kind: 'outcome',
    what: `A match at ${words(purpose)} waits for its outcome`,
    dueAt,
    action: 'Report the outcome',
    href: `/trust/matches/${match}`,
  })),
);

const recalls = source('recalls.list', {}, (answer) =>
  answer.recalls.map(({ recall, kind, dueAt }) => ({
    id: recall,
    kind: 'recall',
    what: `A record that you were told of changed: ${words(kind)}`,
    dueAt,
    action: 'Acknowledge',
    href: `/trust/recalls/${recall}`,
  })),
);

const reviews: Source<'appeals.list', Owed> = {
  op: 'appeals.list',
  input: { open: true },
  // At most a hundred inspections stand on the first page, and none on another.
  isCut: ({ inspections }) => inspections.length >= 100,
  rowsOf: ({ appeals, inspections }) =>
    [...appeals, ...inspections].map((review) => {
      const id = reviewIdOf(review);
      const { evidenceDueAt } = review;
      return {
        id,
        kind: 'evidence',
        what:
          'appeal' in review
            ? `An appeal: ${words(review.ground)}`
            : `An inspection: ${words(review.why)}`,
        dueAt: evidenceDueAt,
        action: evidenceDueAt === undefined ? 'Read' : 'Deliver evidence',
        href: `/trust/appeals/${id}`,
      };
    }),
};

const drafts = source('sanctions.list', { state: 'draft' }, ({ sanctions }) =>
  sanctions.map(({ sanction, reason, lapsesAt }) => ({
    id: sanction,
    kind: 'draft',
    what: `A draft: ${reasons[reason].texts.en.title}`,
    dueAt: lapsesAt,
    action: 'Confirm or return',
    href: `/trust/drafts/${sanction}`,
  })),
);

const notices = source('sanctions.list', { state: 'held' }, ({ sanctions }) =>
  sanctions.flatMap(({ sanction, reason, noticeDueAt }) =>
    noticeDueAt === undefined
      ? []
      : [
          {
            id: sanction,
            kind: 'notice',
            what: `Nobody told the creator yet: ${reasons[reason].texts.en.title}`,
            dueAt: noticeDueAt,
            action: 'Send the notice',
            href: `/trust/notice/${sanction}`,
          },
        ],
  ),
);

const inquiries = source('matches.questions', { open: true }, ({ questions }) =>
  questions
    .filter(({ side }) => side === 'received')
    .map(({ question, asks, dueAt }) => ({
      id: question,
      kind: 'inquiry',
      what: `A question about your record: ${words(asks)}`,
      dueAt,
      action: 'Answer',
      href: `/trust/inquiries`,
    })),
);

/** Where some of what is owed is listed. */
function source<N extends PagedOp>(
  op: N,
  input: OpInput<N>,
  rowsOf: (answer: OpOutput<N>) => readonly Owed[],
): Source<N, Owed> {
  return { op, input, rowsOf };
}
