import type { EndCause, PauseCause } from '@recourse/protocol';

/** What the clocks of an appeal have done to its sanction and its rows do not say yet. */
export type AppealStep =
  | { readonly event: 'suspended'; readonly at: Date; readonly cause: PauseCause }
  | { readonly event: 'appeal-withdrawn'; readonly at: Date }
  | { readonly event: 'appeal-lapsed'; readonly at: Date; readonly cause: EndCause };

/** The clocks of an open appeal. Those that run out, run out in the creator's favour. */
export interface OpenAppeal {
  /** None while nobody has a key to seal evidence to, and none once all of it was delivered */
  readonly evidenceDueAt: Date | null;
  readonly evidenceLapsesAt: Date | null;
  readonly decisionDueAt: Date;
  readonly lapsesAt: Date;
  /** Of the ground `expression`, until a reviewer has granted or refused relief */
  readonly reliefDueAt: Date | null;
  /** The creator withdrew it and may still keep it until then */
  readonly withdrawsAt: Date | null;
  /** Opened before the record answered: it stays held for as long as the appeal is open */
  readonly keepsHeld: boolean;
}

/** The causes of suspension that an appeal brings, and takes with it. */
export const appealCauses: readonly PauseCause[] = [
  'evidence-overdue',
  'decision-overdue',
  'relief',
];

export const appealIsOpen = ({ withdrawsAt }: OpenAppeal, now: Date): boolean =>
  withdrawsAt === null || withdrawsAt > now;

/** Withdrawn and not kept, whether or not its rows say so. */
const isWithdrawn = (appeal: OpenAppeal | null, now: Date): boolean =>
  appeal !== null && !appealIsOpen(appeal, now);

/** From when a record answers whose hold ends then: not while an appeal keeps it held. */
export function answersFrom(holdEnds: Date | null, appeal: OpenAppeal | null): Date | null {
  if (holdEnds === null || !appeal?.keepsHeld) return holdEnds;
  const { withdrawsAt } = appeal;
  return withdrawsAt !== null && withdrawsAt < holdEnds ? holdEnds : withdrawsAt;
}

/** Of the causes that rows say, those that still stand: an appeal takes its own with it. */
export const standingCauses = (
  causes: readonly PauseCause[],
  appeal: OpenAppeal | null,
  now: Date,
): readonly PauseCause[] =>
  isWithdrawn(appeal, now) ? causes.filter((cause) => !appealCauses.includes(cause)) : causes;

/**
 * Overdue: suspended. Evidence is the submitter's to deliver, the decision the panel's to make. Relief that
 * nobody decided in time is granted, until the appeal is decided.
 */
export function overdueCauses(
  { evidenceDueAt, decisionDueAt, reliefDueAt, withdrawsAt }: OpenAppeal,
  now: Date,
): { cause: PauseCause; at: Date }[] {
  const causes = [
    { cause: 'evidence-overdue', at: evidenceDueAt },
    { cause: 'decision-overdue', at: decisionDueAt },
    { cause: 'relief', at: reliefDueAt },
  ] as const;
  return causes.flatMap(({ cause, at }) =>
    at && at <= now && (withdrawsAt === null || at < withdrawsAt) ? [{ cause, at }] : [],
  );
}

/** Whether a deadline of it has passed: nothing answers meanwhile. */
export const isOverdue = (appeal: OpenAppeal, now: Date): boolean =>
  appealIsOpen(appeal, now) && overdueCauses(appeal, now).length > 0;

/** When the appeal succeeds because somebody let time pass, and whose time it was; not once it was withdrawn. */
export function lapseOf(appeal: OpenAppeal): { cause: EndCause; at: Date } | undefined {
  const { evidenceLapsesAt, lapsesAt, withdrawsAt } = appeal;
  const byEvidence = evidenceLapsesAt !== null && evidenceLapsesAt < lapsesAt;
  const lapse = byEvidence
    ? ({ cause: 'evidence-not-delivered', at: evidenceLapsesAt } as const)
    : ({ cause: 'lapsed', at: lapsesAt } as const);
  return withdrawsAt !== null && withdrawsAt <= lapse.at ? undefined : lapse;
}

export function hasLapsed(appeal: OpenAppeal, now: Date): boolean {
  const lapse = lapseOf(appeal);
  return lapse !== undefined && lapse.at <= now;
}

/**
 * What the clocks have done. On a record that has ended a lapse is a finding, and nothing is suspended.
 * @param of `known` the causes that rows say already
 */
export function appealSteps(
  appeal: OpenAppeal,
  of: { isOver: boolean; known: ReadonlySet<string>; now: Date },
): AppealStep[] {
  const { withdrawsAt } = appeal;
  const steps: AppealStep[] = withdrawsAt ? [{ event: 'appeal-withdrawn', at: withdrawsAt }] : [];
  if (of.isOver) {
    const lapse = lapseOf(appeal);
    return lapse ? [...steps, { event: 'appeal-lapsed', ...lapse }] : steps;
  }
  const overdue = overdueCauses(appeal, of.now).filter(({ cause }) => !of.known.has(cause));
  return [...steps, ...overdue.map((one) => ({ event: 'suspended' as const, ...one }))];
}
