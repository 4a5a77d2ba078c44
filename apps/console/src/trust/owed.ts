import { reasons, reviewIdOf } from '@recourse/protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { words } from '../parts/words.ts';
import { useAsked } from '../registry/calls.ts';
import type { Recourse } from '@recourse/sdk';

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

/** Everything owed, the earliest deadline first. The inbox and the counts of the navigation share the answer. */
export const useOwed = (): UseQueryResult<Owed[]> =>
  useAsked(['owed'], readOwed, { everyMs: 60_000 });

async function readOwed(recourse: Recourse): Promise<Owed[]> {
  const lists = await Promise.all([
    outcomes(recourse),
    recalls(recourse),
    reviews(recourse),
    records(recourse),
    inquiries(recourse),
  ]);
  return lists.flat().toSorted((a, b) => (a.dueAt ?? '9').localeCompare(b.dueAt ?? '9'));
}

async function outcomes(recourse: Recourse): Promise<Owed[]> {
  const page = await recourse.outcomes.owed({ limit: 100 });
  return page.owed.map(({ match, purpose, dueAt }) => ({
    id: match,
    kind: 'outcome',
    what: `A match at ${words(purpose)} waits for its outcome`,
    dueAt,
    action: 'Report the outcome',
    href: `/trust/matches/${match}`,
  }));
}

async function recalls(recourse: Recourse): Promise<Owed[]> {
  const page = await recourse.recalls.list({ limit: 100 });
  return page.recalls
    .filter(({ acknowledged, supersededBy }) => !acknowledged && !supersededBy)
    .map(({ recall, kind, dueAt }) => ({
      id: recall,
      kind: 'recall',
      what: `A record that you were told of changed: ${words(kind)}`,
      dueAt,
      action: 'Acknowledge',
      href: `/trust/recalls/${recall}`,
    }));
}

async function reviews(recourse: Recourse): Promise<Owed[]> {
  const { appeals, inspections } = await recourse.appeals.list({ open: true, limit: 100 });
  return [...appeals, ...inspections.filter(({ state }) => state === 'open')].map((review) => {
    const id = reviewIdOf(review);
    const isAppeal = 'appeal' in review;
    const { evidenceDueAt } = review;
    return {
      id,
      kind: 'evidence' as const,
      what: isAppeal ? `An appeal: ${words(review.ground)}` : `An inspection: ${words(review.why)}`,
      dueAt: evidenceDueAt,
      action: evidenceDueAt === undefined ? 'Read' : 'Deliver evidence',
      href: `/trust/appeals/${id}`,
    };
  });
}

async function records({ sanctions }: Recourse): Promise<Owed[]> {
  const [drafts, held] = await Promise.all([
    sanctions.list({ state: 'draft', limit: 100 }),
    sanctions.list({ state: 'held', limit: 100 }),
  ]);
  return [
    ...drafts.sanctions.map(({ sanction, reason, lapsesAt }) => ({
      id: sanction,
      kind: 'draft' as const,
      what: `A draft: ${reasons[reason].texts.en.title}`,
      dueAt: lapsesAt,
      action: 'Confirm or return',
      href: `/trust/drafts/${sanction}`,
    })),
    ...held.sanctions.flatMap(({ sanction, reason, noticeDueAt }) =>
      noticeDueAt === undefined
        ? []
        : [
            {
              id: sanction,
              kind: 'notice' as const,
              what: `Nobody told the creator yet: ${reasons[reason].texts.en.title}`,
              dueAt: noticeDueAt,
              action: 'Send the notice',
              href: `/trust/notice/${sanction}`,
            },
          ],
    ),
  ];
}

async function inquiries({ matches }: Recourse): Promise<Owed[]> {
  const { questions } = await matches.questions({ open: true, limit: 100 });
  return questions
    .filter(({ side, answer }) => side === 'received' && answer === undefined)
    .map(({ question, asks, dueAt }) => ({
      id: question,
      kind: 'inquiry',
      what: `A question about your record: ${words(asks)}`,
      dueAt,
      action: 'Answer',
      href: `/trust/inquiries`,
    }));
}
