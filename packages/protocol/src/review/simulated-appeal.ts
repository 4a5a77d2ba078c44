import { decisionDeadlines, type Late, type OpenAppeal } from './appeal-clock.rules.ts';
import { defaultDeadlines } from './deadlines.ts';

/** An appeal before a simulated panel. */
export interface Simulated {
  readonly group: string;
  readonly openedAt: Date;
  /** It rests on the evidence that others of its group rest on */
  readonly isShared: boolean;
  clock: OpenAppeal;
  reviewer: number | undefined;
  /** What came to the reviewer with it has the same */
  assignment: number;
  /** Since when it waits for its reviewer */
  idleSince: Date;
  /** When the creator has answered the gist; none before the evidence came */
  answeredAt: Date | undefined;
  end: { as: 'decided' | Late['as']; at: Date } | undefined;
  suspended: boolean;
}

export function newAppeal(of: Pick<Simulated, 'group' | 'openedAt' | 'isShared'>): Simulated {
  const { openedAt } = of;
  const clock: OpenAppeal = {
    ...decisionDeadlines({ openedAt, addedDays: 0 }, defaultDeadlines),
    evidenceDueAt: null,
    evidenceLapsesAt: null,
    reliefDueAt: null,
    withdrawsAt: null,
    bound: false,
    keepsUntil: null,
  };
  const nobody = { reviewer: undefined, assignment: 0, answeredAt: undefined, end: undefined };
  return { ...of, clock, ...nobody, idleSince: openedAt, suspended: false };
}

/** Assignments, in the order of their first appeal. */
export const assignmentsOf = (appeals: readonly Simulated[]): number[] => [
  ...new Set(appeals.map(({ assignment }) => assignment)),
];

export const owes = ({ clock }: Simulated): boolean => clock.evidenceDueAt !== null;

/** Not while evidence is owed, or an answer of the creator. */
export const waitsForReviewer = (appeal: Simulated, now: Date): boolean =>
  appeal.reviewer !== undefined &&
  !owes(appeal) &&
  (appeal.answeredAt === undefined || appeal.answeredAt <= now);

export const dayMs = 86_400_000;

export const daysOf = ({ openedAt, end }: Simulated): number =>
  ((end?.at ?? openedAt).getTime() - openedAt.getTime()) / dayMs;
