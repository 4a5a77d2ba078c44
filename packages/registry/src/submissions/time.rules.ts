import {
  addMonths,
  callSkew,
  fromNumericDate,
  longestExpiry,
  toNumericDate,
  type Problem,
} from '@recourse/protocol';
import type { DraftSubmission, Facts, OpenedSubmission } from './facts.ts';
import { invalid, refusal } from '../kernel/refusal.ts';

/** The incident ended before it was decided, and was decided before the statement was signed. */
export function timesOutOfOrder({ statement }: OpenedSubmission): Problem | undefined {
  if (statement.incident_from > statement.incident_to) {
    return invalid('statement.incident_to', 'before-incident-from');
  }
  if (statement.incident_to > statement.decided_at) {
    return invalid('statement.decided_at', 'before-incident-to');
  }
  return statement.decided_at > statement.iat
    ? invalid('statement.iat', 'before-decided-at')
    : undefined;
}

/** A statement of the future would outlive what it may by as much as it is ahead. */
export const signedInFuture = (
  { statement }: OpenedSubmission,
  { now }: Facts,
): Problem | undefined =>
  statement.iat > toNumericDate(now) + callSkew
    ? invalid('statement.iat', 'in-the-future')
    : undefined;

const decidedDays = 90;
const incidentMonths = 24;

/** Decided more than 90 d ago, or an incident more than 24 mo ago. */
export function tooLongAgo({ statement }: DraftSubmission, { now }: Facts): Problem | undefined {
  if (toNumericDate(now) - statement.decided_at > decidedDays * 86_400) {
    return invalid('statement.decided_at', 'decided-too-long-ago');
  }
  return addMonths(fromNumericDate(statement.incident_to), incidentMonths) < now
    ? invalid('statement.incident_to', 'incident-too-long-ago')
    : undefined;
}

/** Nothing is recorded that has expired. */
export const alreadyExpired = (
  { statement }: DraftSubmission,
  { now }: Facts,
): Problem | undefined =>
  fromNumericDate(statement.exp) <= now ? invalid('statement.exp', 'expired') : undefined;

/**
 * Too long a life. It runs from `incident_to`, is half of the longest unless the gravity says more, at most
 * 12 mo for a minor, and no longer than the last subject matches or than the sanction that was evaded.
 */
export function tooLongLife(
  { statement, subjects }: DraftSubmission,
  facts: Facts,
): Problem | undefined {
  const longest = longestExpiry({
    reason: statement.reason,
    incidentTo: fromNumericDate(statement.incident_to),
    kinds: subjects.map(({ kind }) => kind),
    age: statement.age,
    gravity: statement.gravity,
    evadedExpiry: facts.evaded?.expiresAt,
  });
  return fromNumericDate(statement.exp) > longest
    ? refusal('retention-too-long', 'statement.exp', 'beyond-longest-life')
    : undefined;
}
