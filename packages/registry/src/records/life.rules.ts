import type { EndCause, PauseCause, SanctionState } from '@recourse/protocol';
import {
  answersFrom,
  appealIsOpen,
  appealSteps,
  endingLate,
  endsLate,
  overdueCauses,
  standingCauses,
  type AppealStep,
  type OpenAppeal,
} from '@recourse/protocol/review';

/** How a record ends before it expires. `undecided`: under an appeal that nobody decided. */
export type EndKind = 'withdrawn' | 'reversed' | 'undecided';

/** An early end: a row that is inserted once and never changed. */
export interface End {
  readonly kind: EndKind;
  readonly cause: EndCause;
  readonly at: Date;
}

/** A cause for which no check is answered, as its row says. */
export interface Suspension {
  readonly cause: PauseCause;
  /** Relief ends by itself */
  readonly until: Date | null;
}

/** The instants and causes by which a sanction ends of itself. */
export interface Endings {
  /** null while it is a draft */
  readonly submittedAt: Date | null;
  readonly draftLapsesAt: Date | null;
  /** Until when the notice has to be there */
  readonly noticeDueAt: Date | null;
  readonly notifiedAt: Date | null;
  /** An amendment's, or the statement's */
  readonly expiresAt: Date;
  readonly end: End | null;
  readonly appeal: OpenAppeal | null;
  /** When the epoch of its newest tokens closes */
  readonly tokensUntil?: Date | null;
  /** When it ends because its submitter left, and the panel did not confirm it */
  readonly leavesAt?: Date | null;
  /** An open inspection of it */
  readonly inspection?: InspectionClocks | null;
}

/** The facts in the rows of a sanction. Its state follows from them and the time, and is never stored. */
export interface Life extends Endings {
  /** When the hold ends; null before notice */
  readonly visibleFrom: Date | null;
  readonly suspensions: readonly Suspension[];
  /** Derived from a record that fell, and not confirmed then, it answers no check until it is */
  readonly derivedDueAt?: Date | null;
  /** Since when the key of the statement was in other hands; what it submitted from then on does not count */
  readonly compromisedSince?: Date | null;
  /** The sanctions that this one says were evaded, directly or through others: it ends with the first of them */
  readonly evaded?: readonly Endings[];
}

/** A life with what its history says of it already. */
export interface RecordedLife extends Life {
  readonly recorded: { readonly visible: boolean; readonly ended: boolean };
  /** When the last appeal that kept it held was closed, or kept it no longer */
  readonly keptUntil?: Date | null;
}

export interface InspectionClocks {
  /** Undelivered then, it is reversed */
  readonly evidenceDueAt: Date | null;
  /** Unexamined then, it answers `verify-identity` alone until it is: a relay from the start; none of a drawn one */
  readonly examineBy: Date | null;
  /** The suspension that opened it is over then, unless the panel decides otherwise until then */
  readonly overAt: Date | null;
}

/** An end as it is, whether its row was written or no job has come round to it yet. */
export interface RecordEnd {
  readonly state: 'expired' | EndKind;
  readonly at: Date;
  readonly cause?: EndCause;
}

export interface Standing {
  readonly state: SanctionState;
  readonly ended?: RecordEnd;
}

/** A step that time alone has brought about and the rows of a sanction do not say yet. */
export type Step =
  | { readonly event: 'visible'; readonly at: Date }
  | { readonly event: 'ended'; readonly at: Date; readonly ended: RecordEnd }
  | { readonly event: 'relief-over'; readonly at: Date }
  | AppealStep;

/**
 * Computes what a sanction is at one instant, with every job stopped as with every job running: lapses and expiry are
 * computed, not awaited.
 */
export function stateAt(life: Life, now: Date): Standing {
  const ended = endAt(life, now);
  if (ended) return { state: ended.state, ended };
  if (!life.submittedAt) return { state: 'draft' };
  if (suspensionsAt(life, now).length > 0) return { state: 'suspended' };
  const from = answersFrom(life.visibleFrom, life.appeal);
  const visible = from !== null && from <= now;
  return { state: visible ? 'visible' : 'held' };
}

/** The causes for which no check is answered; those of a deadline or a stolen key hold before anybody wrote them down. */
export function suspensionsAt(life: Life, now: Date): readonly PauseCause[] {
  const { submittedAt, compromisedSince, suspensions, appeal, derivedDueAt } = life;
  const standing = suspensions.filter(({ until }) => until === null || until > now);
  const said = standing.map(({ cause }) => cause);
  const causes = new Set(standingCauses(said, appeal, now));
  if (submittedAt && compromisedSince && submittedAt >= compromisedSince) {
    causes.add('key-compromised');
  }
  if (derivedDueAt && derivedDueAt <= now) causes.add('echo-overdue');
  const open = appeal && appealIsOpen(appeal, now) ? overdueCauses(appeal, now) : [];
  for (const { cause } of open) causes.add(cause);
  return [...causes];
}

/**
 * A record of a suspended party that nobody examined in time, or one that came after a reversal and that nobody looked at
 * yet: it answers, and with `verify-identity` alone.
 */
export const isUnexaminedAt = ({ inspection }: Pick<Life, 'inspection'>, now: Date): boolean =>
  !!inspection?.examineBy && inspection.examineBy <= now && !isLiftedAt(inspection, now);

/** Lifting a suspension closes the re-examinations that it opened, whether or not a job has come round to them. */
export const isLiftedAt = ({ overAt }: Pick<InspectionClocks, 'overAt'>, now: Date): boolean =>
  overAt !== null && overAt <= now;

/** Disputed: an appeal is open. One that time closed is not, whether or not its rows say so. */
export function isDisputedAt(life: Life, now: Date): boolean {
  const { appeal } = life;
  if (appeal === null || !appealIsOpen(appeal, now) || endsLate(appeal, now)) return false;
  const ended = endAt(life, now);
  return ended === undefined || ended.state === 'expired' || life.end !== null;
}

/**
 * The end of a sanction at one instant: what was written, or the earliest that is due. A written end counts for a server
 * whose clock is behind that of the one that wrote it.
 */
const endAt = (life: Life, now: Date): RecordEnd | undefined =>
  life.end ? asWritten(life.end) : firstDue(possibleEnds(life, endsOfEvaded(life)), now);

const asWritten = ({ kind: state, cause, at }: End): RecordEnd => ({ state, cause, at });

/**
 * All that time may bring, in the order that counts at one instant. Withdrawn by its submitter: before confirmation, by a
 * missing notice, with the sanction it evaded, or because the submitter is there no longer for it.
 */
function possibleEnds(
  life: Endings,
  ofOthers: readonly Possible<RecordEnd>[] = [],
): Possible<RecordEnd>[] {
  const { submittedAt, draftLapsesAt, noticeDueAt, notifiedAt, appeal } = life;
  const lapsesAt = submittedAt ? null : draftLapsesAt;
  const unnotifiedAt = submittedAt && !notifiedAt ? noticeDueAt : null;
  const ends: Possible<RecordEnd>[] = [
    { state: 'expired', at: life.expiresAt },
    { state: 'withdrawn', cause: 'draft-lapsed', at: lapsesAt },
    { state: 'withdrawn', cause: 'no-notice', at: unnotifiedAt },
    ...ofOthers,
    { state: 'withdrawn', cause: 'submitter-left', at: life.leavesAt },
    // A draft lapses before it could be told of.
    { state: 'withdrawn', cause: 'not-retokenised', at: submittedAt && life.tokensUntil },
    { state: 'reversed', cause: 'evidence-not-delivered', at: undeliveredAt(life) },
  ];
  const late = appeal && endingLate(appeal);
  if (late) ends.push({ state: endOfLate[late.as], cause: late.cause, at: late.at });
  return ends;
}

/** When its open inspection fails for want of evidence. */
const undeliveredAt = ({ inspection }: Endings): Date | null => {
  if (!inspection?.evidenceDueAt) return null;
  return isLiftedAt(inspection, inspection.evidenceDueAt) ? null : inspection.evidenceDueAt;
};

/** The end of a record by a late appeal. */
const endOfLate = { undelivered: 'reversed', undecided: 'undecided' } as const;

/** As the evaded one ended; what expires with it says no cause. */
const endsOfEvaded = ({ evaded = [] }: Life): Possible<RecordEnd>[] =>
  evaded
    .flatMap((one) => (one.end ? asWritten(one.end) : possibleEnds(one)))
    .map(({ state, at }) =>
      state === 'expired' ? { state, at } : { state, at, cause: 'evaded-ended' },
    );

/** The first thing that time alone has done to a sanction and its history does not show; applied, there may be another. */
export function nextStep(life: RecordedLife, now: Date): Step | undefined {
  const { recorded } = life;
  const ended = life.end ? undefined : endAt(life, now);
  const isOver = life.end !== null || recorded.ended;
  const steps: Possible<Step>[] = [{ event: 'visible', at: shownAt(life, life.end ?? ended) }];
  if (ended && !recorded.ended) steps.push({ event: 'ended', at: ended.at, ended });
  const known = new Set<string>(life.suspensions.map(({ cause }) => cause));
  if (!isOver) steps.push(...suspensionSteps(life, known));
  if (life.appeal) {
    steps.push(...appealSteps(life.appeal, { isOver, known, now }));
  }
  return firstDue(steps, now);
}

/** The last instant that a date can say. */
const forever = new Date(8_640_000_000_000_000);

/** When the first step falls due that its history does not show, past or to come: there is a step from then on, and none before. */
export const nextInstant = (life: RecordedLife): Date | undefined => nextStep(life, forever)?.at;

/** Relief ends by itself; a derived record that was not confirmed in time is suspended. */
function suspensionSteps(
  { suspensions, derivedDueAt }: Life,
  known: ReadonlySet<string>,
): Possible<Step>[] {
  const overdue = { event: 'suspended', cause: 'echo-overdue', at: derivedDueAt } as const;
  return [
    ...suspensions.map(({ until: at }) => ({ event: 'relief-over' as const, at })),
    ...(known.has(overdue.cause) ? [] : [overdue]),
  ];
}

/** Held no longer, unless it ended before, or an appeal kept it held to its end. An appeal that closes does so first. */
function shownAt(life: RecordedLife, end: { readonly at: Date } | undefined): Date | null {
  const { recorded, visibleFrom, appeal, keptUntil } = life;
  // Steps are written in their order: nothing is shown once the end was written.
  if (recorded.visible || recorded.ended || visibleFrom === null) return null;
  const kept = appeal?.keepsUntil;
  const at = kept && kept > visibleFrom ? kept : visibleFrom;
  if (end && (end.at < at || (keptUntil && keptUntil >= end.at))) return null;
  return at;
}

/** The earliest that has come about by now, and of one instant the first in the list. */
function firstDue<T extends { readonly at: Date | null | undefined }>(
  list: readonly T[],
  now: Date,
): (T & { readonly at: Date }) | undefined {
  return list
    .filter((one): one is T & { readonly at: Date } => !!one.at && one.at <= now)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())[0];
}

/** Without an instant it never comes about. */
type Possible<T> = T extends unknown
  ? Omit<T, 'at'> & { readonly at: Date | null | undefined }
  : never;
