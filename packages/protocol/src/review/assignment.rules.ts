import { addDays } from './deadlines.ts';

/** Assignments of one reviewer that wait for them. */
export const mostWaiting = 10;
/** All assignments of one reviewer: what waits for evidence or for a creator's answer does not wait for the reviewer. */
const mostAssigned = 30;
/** Assignments that wait for the evidence of one group. */
const mostOfGroup = 30;
/** Appeals on records that rest on the same evidence are one assignment of up to so many: read once, decided each. */
export const mostTogether = 50;
/** One is drawn among so many of a group's appeals that a reviewer may judge and that are due first. */
export const drawnFrom = 10;

/** Cases that a reviewer gives back in 30 days without leave. */
const recusalsFree = 5;
/** Days over which recusals count. */
export const recusalDays = 30;

/** More need the panel's admin: taking and giving back would reach a chosen case. */
export const mayRecuse = (recusals: number): boolean => recusals < recusalsFree;

/** An assignment of so many days goes to another, whatever it waits for. */
export const mostAssignedDays = 44;

/** Assignments that lapsed, in so many days, stop new ones. */
export const mostLapses = 3;
export const lapseDays = 90;

/** Rounds of questions of one assignment. */
export const mostRounds = 3;
/** Questions of one round. */
export const mostQuestions = 10;
/** Days of an assignment after which nothing is asked. */
export const askDays = 30;

/** A question of an assignment: its place in its round, and when the answer is due. */
export interface AskedQuestion {
  /** From 1 */
  readonly round: number;
  /** From 0 */
  readonly slot: number;
  readonly dueAt: Date;
}

/**
 * The place of an assignment's next question, or why there is none. A round lasts until the first of its questions is
 * due. Each question gives the creator ten days: without an end of them a reviewer would keep a case until it is undecided.
 * @param asking `asked` the questions of the assignment, in any order
 */
export function nextQuestion(asking: {
  assignedAt: Date;
  asked: readonly AskedQuestion[];
  now: Date;
}): Pick<AskedQuestion, 'round' | 'slot'> | 'too-late' | 'too-many' | 'too-many-rounds' {
  const { assignedAt, asked, now } = asking;
  if (now > addDays(assignedAt, askDays)) return 'too-late';
  const last = Math.max(0, ...asked.map(({ round }) => round));
  const inRound = asked.filter(({ round }) => round === last);
  const isRunning = inRound.some(({ slot, dueAt: due }) => slot === 0 && due > now);
  if (!isRunning) return last < mostRounds ? { round: last + 1, slot: 0 } : 'too-many-rounds';
  return inRound.length < mostQuestions ? { round: last, slot: inRound.length } : 'too-many';
}

/** The assignments of a reviewer, and how many of them wait for the reviewer. */
export interface Load {
  readonly waiting: number;
  readonly all: number;
}

/** Whether a reviewer may get another assignment. */
export const mayBeAssigned = ({ waiting, all }: Load): boolean =>
  waiting < mostWaiting && all < mostAssigned;

/** A group with appeals that wait for a reviewer. */
export interface WaitingGroup {
  readonly group: string;
  /** When one of its appeals was assigned last; null before the first */
  readonly lastAt: Date | null;
  /** Assignments that wait for its evidence, or for the key to seal it to */
  readonly owing: number;
}

/**
 * Groups take turns: first the one whose turn was the longest ago, so that no flood of appeals on the records of one
 * keeps those on another's waiting. One that owes evidence for thirty assignments is passed over.
 */
export const turnsOf = <G extends WaitingGroup>(groups: readonly G[]): G[] =>
  groups
    .filter(({ owing }) => owing < mostOfGroup)
    .toSorted((a, b) => timeOf(a) - timeOf(b) || (a.group < b.group ? -1 : 1));

const timeOf = ({ lastAt }: WaitingGroup): number => lastAt?.getTime() ?? -Infinity;

/**
 * Draws at random among the first of them, so that nobody reaches a chosen case by its place in the queue.
 * @param of `next` the cases that the reviewer may be assigned, due first; `place` gives a random place below a number
 */
export const drawOne = <T>(pool: {
  next: readonly T[];
  place: (below: number) => number;
}): T | undefined => {
  const among = pool.next.slice(0, drawnFrom);
  return among.length === 0 ? undefined : among[pool.place(among.length)];
};
