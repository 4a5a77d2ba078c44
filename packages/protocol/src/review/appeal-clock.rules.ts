import type { PauseCause } from '../history.ts';
import { dueAt, type Deadlines } from './deadlines.ts';

/** A step that the clocks of an appeal have taken, and that the rows of its sanction do not have yet. */
export type AppealStep =
  | { readonly event: 'suspended'; readonly at: Date; readonly cause: PauseCause }
  | { readonly event: 'relief-spared'; readonly at: Date }
  | { readonly event: 'appeal-withdrawn'; readonly at: Date }
  | ({ readonly event: 'appeal-late' } & LateClosing);

/** An appeal that a deadline closed, and whose deadline it was: the submitter's, or the panel's. */
export type LateClosing =
  | { readonly as: 'undelivered'; readonly cause: 'evidence-not-delivered'; readonly at: Date }
  | { readonly as: 'undecided'; readonly cause: 'undecided'; readonly at: Date };

/** The clocks of an open appeal. */
export interface OpenAppeal {
  /** Null while nobody has a key to seal evidence to, and once all of it was delivered */
  readonly evidenceDueAt: Date | null;
  readonly evidenceLapsesAt: Date | null;
  readonly decisionDueAt: Date;
  readonly undecidedAt: Date;
  /** When relief is due, for the ground `expression`; null once a reviewer granted or refused it */
  readonly reliefDueAt: Date | null;
  /** When it would have been due, had no other appeal been open on the same evidence; null once the history says so */
  readonly reliefSparedAt?: Date | null;
  /** The creator withdrew it and may still keep it until then */
  readonly withdrawsAt: Date | null;
  /** Whether an earlier decision bound every way in: a late decision then neither suspends nor ends its record */
  readonly bound: boolean;
  /** Opened before the record answered: until then it stays held for as long as the appeal is open */
  readonly keepsUntil: Date | null;
}

/** After so long without an act of its reviewer an assignment goes to another. */
export const reviewerDays = 14;
/** A manifestly unfounded appeal is dismissed so many days after it was opened, or not at all. */
export const dismissDays = 5;

/** The causes of suspension that an appeal brings, and takes with it. */
export const appealCauses: readonly PauseCause[] = [
  'evidence-overdue',
  'decision-overdue',
  'relief',
];

/** When time closes the appeal of a record that goes on as it is: withdrawn, or bound and never decided. */
function closesAt({ withdrawsAt, bound, undecidedAt }: OpenAppeal): Date | null {
  if (!bound) return withdrawsAt;
  return withdrawsAt !== null && withdrawsAt < undecidedAt ? withdrawsAt : undecidedAt;
}

/** Open on a record that lives. */
export function appealIsOpen(appeal: OpenAppeal, now: Date): boolean {
  const at = closesAt(appeal);
  return at === null || at > now;
}

/** From when a record answers whose hold ends then: not while an appeal keeps it held. */
export function answersFrom(holdEnds: Date | null, appeal: OpenAppeal | null): Date | null {
  if (holdEnds === null || !appeal?.keepsUntil) return holdEnds;
  const closes = closesAt(appeal);
  const keptUntil = closes !== null && closes < appeal.keepsUntil ? closes : appeal.keepsUntil;
  return keptUntil < holdEnds ? holdEnds : keptUntil;
}

/** The causes of the rows that still stand: an appeal takes its own with it. */
export const standingCauses = (
  causes: readonly PauseCause[],
  appeal: OpenAppeal | null,
  now: Date,
): readonly PauseCause[] =>
  appeal !== null && !appealIsOpen(appeal, now)
    ? causes.filter((cause) => !appealCauses.includes(cause))
    : causes;

/**
 * Overdue: suspended, so that the record harms nobody. Evidence is the submitter's to deliver, the decision the
 * panel's to make. Relief that nobody decided in time is granted, until the appeal is decided.
 */
export function overdueCauses(
  { evidenceDueAt, decisionDueAt, reliefDueAt, withdrawsAt, bound }: OpenAppeal,
  now: Date,
): { cause: PauseCause; at: Date }[] {
  const causes = [
    { cause: 'evidence-overdue', at: evidenceDueAt },
    { cause: 'decision-overdue', at: bound ? null : decisionDueAt },
    { cause: 'relief', at: reliefDueAt },
  ] as const;
  return causes.flatMap(({ cause, at }) =>
    at && at <= now && (withdrawsAt === null || at < withdrawsAt) ? [{ cause, at }] : [],
  );
}

/** Whether a deadline of it has passed: nothing answers meanwhile. */
export const isOverdue = (appeal: OpenAppeal, now: Date): boolean =>
  appealIsOpen(appeal, now) && overdueCauses(appeal, now).length > 0;

/**
 * When a deadline closes the appeal; none once it was withdrawn. Undelivered evidence is the submitter's: the record
 * is reversed. A decision that nobody made in 180 d is the panel's: the record ends as `undecided`.
 */
export function lateOf(appeal: OpenAppeal): LateClosing | undefined {
  const { evidenceLapsesAt, undecidedAt, withdrawsAt } = appeal;
  const isUndelivered = evidenceLapsesAt !== null && evidenceLapsesAt < undecidedAt;
  const late: LateClosing = isUndelivered
    ? { as: 'undelivered', cause: 'evidence-not-delivered', at: evidenceLapsesAt }
    : { as: 'undecided', cause: 'undecided', at: undecidedAt };
  return withdrawsAt !== null && withdrawsAt <= late.at ? undefined : late;
}

/** How a late appeal ends its record. A late decision ends none that an earlier decision bound. */
export function endingLate(appeal: OpenAppeal): LateClosing | undefined {
  const late = lateOf(appeal);
  return late?.as === 'undecided' && appeal.bound ? undefined : late;
}

/** Whether a late appeal has ended its record by now. */
export function endsLate(appeal: OpenAppeal, now: Date): boolean {
  const late = endingLate(appeal);
  return late !== undefined && late.at <= now;
}

/**
 * The steps that the clocks have taken. On a record that has ended nothing is suspended: undelivered evidence is a
 * finding, and a decision that nobody made changes nothing.
 * @param of `known` the causes that rows say already
 */
export function appealSteps(
  appeal: OpenAppeal,
  context: { isOver: boolean; known: ReadonlySet<string>; now: Date },
): AppealStep[] {
  const { withdrawsAt } = appeal;
  const steps: AppealStep[] = withdrawsAt ? [{ event: 'appeal-withdrawn', at: withdrawsAt }] : [];
  const late = lateOf(appeal);
  // A record that lives ends by it, and takes the appeal along.
  if (late && (context.isOver || !endingLate(appeal)))
    steps.push({ event: 'appeal-late', ...late });
  if (context.isOver) return steps;
  const { reliefSparedAt: sparedAt } = appeal;
  // What was granted before another appeal was seen stands.
  if (
    sparedAt &&
    (withdrawsAt === null || sparedAt < withdrawsAt) &&
    !context.known.has('relief')
  ) {
    steps.push({ event: 'relief-spared', at: sparedAt });
  }
  const overdue = overdueCauses(appeal, context.now).filter(
    ({ cause }) => !context.known.has(cause),
  );
  return [...steps, ...overdue.map((one) => ({ event: 'suspended' as const, ...one }))];
}

/** When a decision is due, and when the appeal ends undecided. */
export interface DecisionDeadlines {
  readonly decisionDueAt: Date;
  /** Never before the decision is due */
  readonly undecidedAt: Date;
}

/**
 * A decision is due 30 d after opening, and later by the days that questions added. The appeal is closed as undecided
 * at 180 d.
 */
export function decisionDeadlines(
  { openedAt, addedDays }: { openedAt: Date; addedDays: number },
  { decisionDueDays, undecidedDays }: Pick<Deadlines, 'decisionDueDays' | 'undecidedDays'>,
): DecisionDeadlines {
  const due = dueAt(openedAt, 24 * (decisionDueDays + addedDays));
  const undecidedAt = dueAt(openedAt, 24 * undecidedDays);
  return { decisionDueAt: due < undecidedAt ? due : undecidedAt, undecidedAt };
}

/** Days in which the creator may answer a question. */
export const answerDays = 10;
/** Days that questions add to the deadline of the decision, in all. */
const mostAddedDays = 14;

/** The days that questions added, with one more question: its days to answer, as far as the sum allows. */
export const withQuestion = (addedDays: number): number =>
  Math.min(mostAddedDays, addedDays + answerDays);
