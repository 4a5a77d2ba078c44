import type { SanctionState } from '@recourse/protocol';

/** An early end: a row that is inserted once and never changed. */
export interface End {
  readonly kind: 'withdrawn' | 'reversed';
  readonly cause: string;
  readonly at: Date;
}

/** What the rows of a sanction say. Its state follows from them and the time, and is never stored. */
export interface Life {
  /** null while it is a draft */
  readonly submittedAt: Date | null;
  readonly draftLapsesAt: Date | null;
  /** Until when the notice, or a reviewer's word that it is rightly withheld, has to be there */
  readonly noticeDueAt: Date | null;
  readonly notifiedAt: Date | null;
  /** null after notice while an appeal keeps a held record held */
  readonly visibleFrom: Date | null;
  readonly expiresAt: Date;
  readonly end: End | null;
  /** The early end of the sanction that this one says was evaded */
  readonly evadedEnd: End | null;
  readonly openSuspensions: readonly string[];
  /** Since when the key of the statement was in other hands; what it submitted from then on does not count */
  readonly compromisedSince?: Date | null;
}

/** An end as it is, whether its row was written or no job has come round to it yet. */
export interface Ended {
  readonly state: 'expired' | 'withdrawn' | 'reversed';
  readonly at: Date;
  readonly cause?: string;
}

export interface Standing {
  readonly state: SanctionState;
  readonly ended?: Ended;
}

/**
 * What a sanction is at one instant, with every job stopped as with every job running: lapses and expiry
 * are computed, not awaited.
 */
export function stateAt(life: Life, now: Date): Standing {
  const ended = endAt(life, now);
  if (ended) return { state: ended.state, ended };
  if (!life.submittedAt) return { state: 'draft' };
  if (suspensionsOf(life).length > 0) return { state: 'suspended' };
  const visible = life.visibleFrom !== null && life.visibleFrom <= now;
  return { state: visible ? 'visible' : 'held' };
}

/** The causes for which no check is answered; that of a compromised key holds before anybody wrote it down. */
export function suspensionsOf(life: Life): readonly string[] {
  const { submittedAt, compromisedSince, openSuspensions } = life;
  if (!submittedAt || !compromisedSince || submittedAt < compromisedSince) return openSuspensions;
  return [...new Set([...openSuspensions, 'key-compromised'])];
}

/** The end of a sanction at one instant: what was written, or the earliest that is due. */
function endAt(life: Life, now: Date): Ended | undefined {
  if (life.end) return { state: life.end.kind, cause: life.end.cause, at: life.end.at };
  return endsToCome(life)
    .filter((ended) => ended.at <= now)
    .reduce<Ended | undefined>(
      (first, ended) => (first && first.at <= ended.at ? first : ended),
      undefined,
    );
}

/** Withdrawn by its submitter: before confirmation, by a missing notice, or with the sanction it evaded. */
function endsToCome(life: Life): Ended[] {
  const ends: Ended[] = [{ state: 'expired', at: life.expiresAt }];
  if (!life.submittedAt && life.draftLapsesAt) {
    ends.push({ state: 'withdrawn', cause: 'draft-lapsed', at: life.draftLapsesAt });
  }
  if (life.submittedAt && !life.notifiedAt && life.noticeDueAt) {
    ends.push({ state: 'withdrawn', cause: 'no-notice', at: life.noticeDueAt });
  }
  if (life.evadedEnd) {
    ends.push({ state: life.evadedEnd.kind, cause: 'evaded-ended', at: life.evadedEnd.at });
  }
  return ends;
}

/** What time alone has done to a sanction and its history does not show yet, in order. */
export function dueSteps(
  life: Life,
  options: { recorded: ReadonlySet<string>; now: Date },
): { event: 'visible' | 'ended'; at: Date; ended?: Ended }[] {
  const ended = life.end ? undefined : endAt(life, options.now);
  const until = ended?.at ?? life.end?.at ?? options.now;
  const { visibleFrom } = life;
  const steps: { event: 'visible' | 'ended'; at: Date; ended?: Ended }[] = [];
  if (visibleFrom && visibleFrom <= until && !options.recorded.has('visible')) {
    steps.push({ event: 'visible', at: visibleFrom });
  }
  if (ended && !options.recorded.has('ended')) steps.push({ event: 'ended', at: ended.at, ended });
  return steps;
}
