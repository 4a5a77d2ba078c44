import {
  decisionDeadlines,
  defaultDeadlines,
  type LateClosing,
  type OpenAppeal,
} from '@recourse/protocol/review';

/** An appeal before a simulated panel. */
export interface SimulatedAppeal {
  readonly group: string;
  readonly openedAt: Date;
  /** It rests on the evidence that others of its group rest on */
  readonly isShared: boolean;
  clock: OpenAppeal;
  reviewer: number | undefined;
  /** Number of the assignment; appeals that came to the reviewer together share it */
  assignment: number;
  /** Since when it waits for its reviewer */
  idleSince: Date;
  /** When the creator has answered the gist; none before the evidence came */
  answeredAt: Date | undefined;
  end: { as: 'decided' | LateClosing['as']; at: Date } | undefined;
  suspended: boolean;
}

export function newAppeal(
  opened: Pick<SimulatedAppeal, 'group' | 'openedAt' | 'isShared'>,
): SimulatedAppeal {
  const { openedAt } = opened;
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
  return { ...opened, clock, ...nobody, idleSince: openedAt, suspended: false };
}

/** Assignments, in the order of their first appeal. */
export const assignmentsOf = (appeals: readonly SimulatedAppeal[]): number[] => [
  ...new Set(appeals.map(({ assignment }) => assignment)),
];

export const owes = ({ clock }: SimulatedAppeal): boolean => clock.evidenceDueAt !== null;

/** Not while evidence is owed, or an answer of the creator. */
export const waitsForReviewer = (appeal: SimulatedAppeal, now: Date): boolean =>
  appeal.reviewer !== undefined &&
  !owes(appeal) &&
  (appeal.answeredAt === undefined || appeal.answeredAt <= now);

export const dayMs = 86_400_000;

export const daysOf = ({ openedAt, end }: SimulatedAppeal): number =>
  ((end?.at ?? openedAt).getTime() - openedAt.getTime()) / dayMs;
