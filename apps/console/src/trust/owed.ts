import { reviewIdOf, type OpInput, type OpOutput, type RecallKind } from '@recourse/protocol';
import type { Recourse } from '@recourse/sdk';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Waiting } from '../parts/desk-item.ts';
import { words } from '../parts/words.ts';
import { useAsked } from '../registry/calls.ts';
import { numbered, toldOf, type Concerned } from './name-of.ts';
import { readAll, type PagedOp, type Source } from '../registry/lists.ts';

export type OwedKind = 'notice' | 'evidence' | 'recall' | 'outcome' | 'draft' | 'inquiry';

/** One thing that the platform owes: what, by when, and the one action. */
export interface Owed {
  readonly id: string;
  readonly kind: OwedKind;
  /** What is owed */
  readonly what: string;
  readonly about: Concerned;
  readonly dueAt: string | undefined;
  readonly action: string;
  readonly href: string;
  /** What a recall asks for */
  readonly recall?: RecallKind;
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

/** How much the platform owes. */
export function useOwedCount(inBackground: boolean): Waiting | undefined {
  const { data } = useAsked(['owed'], readOwed, { everyMs: 60_000, inBackground });
  return data && { own: data.owed.length, all: data.owed.length };
}

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
  numbered(owed).map(({ match, dueAt, ...about }) => ({
    id: match,
    kind: 'outcome',
    what: 'The outcome of a match',
    about,
    dueAt,
    action: 'Report the outcome',
    href: `/trust/matches/${match}`,
  })),
);

const recalls = source('recalls.list', {}, (answer) =>
  answer.recalls.map(({ recall, kind, dueAt, told }) => ({
    id: recall,
    kind: 'recall',
    what: `Recall: ${words(kind)}`,
    about: toldOf({ told }),
    dueAt,
    action: 'Acknowledge',
    recall: kind,
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
            ? `Appeal: ${words(review.ground)}`
            : `Inspection: ${words(review.why)}`,
        about: review,
        dueAt: evidenceDueAt,
        action: evidenceDueAt === undefined ? 'Read' : 'Deliver evidence',
        href: `/trust/appeals/${id}`,
      };
    }),
};

const drafts = source('sanctions.list', { state: 'draft' }, ({ sanctions }) =>
  sanctions.map((about) => ({
    id: about.sanction,
    kind: 'draft',
    what: 'Draft',
    about,
    dueAt: about.lapsesAt,
    action: 'Confirm or return',
    href: `/trust/drafts/${about.sanction}`,
  })),
);

const notices = source('sanctions.list', { state: 'held' }, ({ sanctions }) =>
  sanctions.flatMap((about) =>
    about.noticeDueAt === undefined
      ? []
      : [
          {
            id: about.sanction,
            kind: 'notice',
            what: 'Notice to the creator',
            about,
            dueAt: about.noticeDueAt,
            action: 'Send the notice',
            href: `/trust/notice/${about.sanction}`,
          },
        ],
  ),
);

const inquiries = source('matches.questions', { open: true }, ({ questions }) =>
  questions
    .filter(({ side }) => side === 'received')
    .map(({ question, asks, dueAt, sanction, about }) => ({
      id: question,
      kind: 'inquiry',
      what: `Question: ${words(asks)}?`,
      about: about && { sanction, ...about },
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
