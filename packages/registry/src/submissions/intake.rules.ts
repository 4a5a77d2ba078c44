import { Problem, type IssueCode } from '@recourse/protocol';
import { leastReviewers, probationDailyRecords } from '../schema/figures.ts';
import type { DraftSubmission, Facts, OpenedSubmission } from './facts.ts';
import { invalid, refusal } from '../kernel/refusal.ts';

const retryAfterSeconds = 3600;

/** `check-only` parties submit nothing. */
export const checkOnly = (_: DraftSubmission, { platform }: Facts): Problem | undefined =>
  platform.registration.checkOnly ? new Problem('role-not-allowed') : undefined;

/** Nobody submits before the window of its registration is over, or after leaving. */
export const notActive = (_: DraftSubmission, { platform }: Facts): Problem | undefined =>
  platform.active ? undefined : refusal('party-suspended', 'party', 'not-active');

/** 20 records a day in probation. A second holder lifts the bucket, not this. */
export const probationFull = (_: DraftSubmission, { platform }: Facts): Problem | undefined =>
  platform.inProbation && platform.inProbation.spent >= probationDailyRecords
    ? new Problem('quota-exceeded', {
        issues: [{ path: 'party', code: 'in-probation' satisfies IssueCode }],
        retryAfterSeconds,
      })
    : undefined;

/** The submitter suspended. */
export const submitterSuspended = (_: DraftSubmission, { platform }: Facts): Problem | undefined =>
  platform.suspended ? new Problem('party-suspended') : undefined;

/** Fewer than three reviewers are independent of it: there would be nobody to hear an appeal. */
export const tooFewReviewers = (_: DraftSubmission, { platform }: Facts): Problem | undefined =>
  platform.reviewers < leastReviewers ? new Problem('too-few-reviewers') : undefined;

/** The statement is the calling party's, for this registry: one meant for another place counts for nothing here. */
export function notAddressed({ statement }: OpenedSubmission, facts: Facts): Problem | undefined {
  if (statement.iss !== facts.caller) return invalid('statement.iss', 'not-the-caller');
  return statement.aud === facts.origin ? undefined : invalid('statement.aud', 'another-registry');
}

/** An id or a case code is used once. */
export const idTaken = (_: OpenedSubmission, { known }: Facts): Problem | undefined =>
  known ? refusal('state-conflict', 'statement.jti', 'taken') : undefined;

/** The submission bucket empty, until a second trust holder confirms. */
export function bucketEmpty(_: OpenedSubmission, { bucket }: Facts): Problem | undefined {
  if (bucket.spent < bucket.limit) return undefined;
  const issues = [{ path: 'sanctions.draft', code: 'second-holder-required' satisfies IssueCode }];
  return new Problem('quota-exceeded', { issues, retryAfterSeconds });
}

export const bucketFloor = 20;
export const bucketDays = 90;
const timesMedian = 3;

/**
 * Submissions one holder may make in 24 h where operators set no bucket: 3 x the 90-day daily median, at least 20, so that
 * a stolen key cannot record more than a bad day's worth.
 * @param counts submissions of each day that had any; the other days count as zero
 */
export const bucketLimit = (counts: readonly number[]): number =>
  Math.max(bucketFloor, timesMedian * dailyMedian(counts));

function dailyMedian(counts: readonly number[]): number {
  const idle = Math.max(0, bucketDays - counts.length);
  const days = [...Array.from({ length: idle }, () => 0), ...counts].toSorted((a, b) => a - b);
  const middle = Math.floor(days.length / 2);
  const upper = days[middle] ?? 0;
  return days.length % 2 === 1 ? upper : ((days[middle - 1] ?? 0) + upper) / 2;
}
