import { quarterEnd, quarterOf, type MembershipState } from '@recourse/protocol';
import { addDays, addHours } from '@recourse/protocol/review';
import { probationHoldHours } from '../schema/figures.ts';

/** The first records of a probation are all looked at by a reviewer. */
export const probationSample = 20;

/** When records end whose submitter left, unless the panel confirmed them. */
export const leavingDays = 30;
/** A quarterly statement is due this long after its quarter. */
const attestationDays = 30;

/** The facts in the row of a platform that decide where it stands. */
export interface Membership {
  readonly objectionsUntil: Date | null;
  /** None while an objection waits, or was upheld */
  readonly activeFrom: Date | null;
  readonly probationUntil: Date | null;
  readonly leftAt: Date | null;
}

/** The decision of the panel about the objections to a party; null until it decided. */
export type Admission = 'admitted' | 'refused' | null;

interface Window {
  readonly objectionDays: number;
  readonly probationDays: number;
}

/** 14 d open to objection, then 90 d probation. */
export function joining(registeredAt: Date, { objectionDays, probationDays }: Window) {
  const objectionsUntil = addDays(registeredAt, objectionDays);
  return {
    objectionsUntil,
    activeFrom: objectionsUntil,
    probationUntil: addDays(objectionsUntil, probationDays),
  };
}

/** The panel admitted a party that was objected to: not before its window is over. */
export function admitted(
  { objectionsUntil, decidedAt }: { objectionsUntil: Date; decidedAt: Date },
  { probationDays }: Pick<Window, 'probationDays'>,
) {
  const activeFrom = decidedAt > objectionsUntil ? decidedAt : objectionsUntil;
  return { activeFrom, probationUntil: addDays(activeFrom, probationDays) };
}

/** Where a platform stands at one instant, with every job stopped. */
export function membershipAt(
  membership: Membership,
  admission: Admission,
  now: Date,
): MembershipState {
  const { activeFrom, probationUntil, leftAt } = membership;
  if (leftAt !== null && leftAt <= now) return 'left';
  if (activeFrom === null) return admission === 'refused' ? 'refused' : 'objected';
  if (activeFrom > now) return 'pending';
  return probationUntil !== null && probationUntil > now ? 'probation' : 'member';
}

/** Neither checks nor submits: who is not active yet, and who left. */
export const isActive = ({ activeFrom, leftAt }: Membership, now: Date): boolean =>
  activeFrom !== null && activeFrom <= now && (leftAt === null || leftAt > now);

export const inProbation = ({ probationUntil }: Pick<Membership, 'probationUntil'>, at: Date) =>
  probationUntil !== null && at < probationUntil;

/** The hold of a record, by when it was submitted, and whether it comes after a reversal. */
export const holdHoursOf = (
  record: { submittedAt: Date; probationUntil: Date | null; relayed: boolean },
  hours: number,
): number =>
  record.relayed || inProbation(record, record.submittedAt)
    ? Math.max(hours, probationHoldHours)
    : hours;

/** Live records end within 30 d of leaving unless the panel confirms each. */
export const recordsEndAt = (leftAt: Date): Date => addDays(leftAt, leavingDays);

/**
 * Quarters whose signed statement is due and not there, the oldest first: those that ended while the party
 * was active.
 */
export function missingQuarters(
  { activeFrom, leftAt }: Membership,
  filed: ReadonlySet<string>,
  now: Date,
): string[] {
  const missing: string[] = [];
  if (activeFrom === null) return missing;
  const until = leftAt ?? now;
  for (let at = activeFrom; ;) {
    const quarter = quarterOf(at);
    const end = quarterEnd(quarter);
    if (end > until || addDays(end, attestationDays) > now) return missing;
    if (!filed.has(quarter)) missing.push(quarter);
    at = addHours(end, 1);
  }
}
