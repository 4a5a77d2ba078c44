import { fromNumericDate, type Problem } from '@recourse/protocol';
import type { DraftSubmission, EarlierRecord, Facts } from './facts.ts';
import { invalid, refusal } from '../kernel/refusal.ts';

/**
 * network.ban-evasion names the submitter's own final and live sanction in `evades`, and came after it; no
 * other reason names one. Not mine, missing and not live answer alike.
 */
export function evadesNothingLive(
  { statement, evades }: DraftSubmission,
  { evaded }: Facts,
): Problem | undefined {
  if (statement.reason !== 'network.ban-evasion') {
    return evades === undefined ? undefined : invalid('evades', 'not-for-this-reason');
  }
  if (evades === undefined) return invalid('evades', 'required');
  if (evaded?.standing.state !== 'visible') return invalid('evades', 'not-live');
  return fromNumericDate(statement.incident_from) < evaded.decidedAt
    ? invalid('statement.incident_from', 'before-the-evaded')
    : undefined;
}

/**
 * A second record of the same group on the same incident, under whatever reason, also once the first has ended: a
 * record is not renewed, and what fell under one code does not come back under another.
 */
export function secondOnIncident(
  { statement }: DraftSubmission,
  facts: Facts,
): Problem | undefined {
  const from = fromNumericDate(statement.incident_from);
  const to = fromNumericDate(statement.incident_to);
  const twice = facts.earlier.some(
    (earlier) =>
      earlier.standing.ended?.cause !== 'draft-lapsed' &&
      earlier.incidentFrom <= to &&
      earlier.incidentTo >= from,
  );
  return twice ? refusal('already-decided', 'statement.incident_from', 'same-incident') : undefined;
}

/**
 * The same group, subject and reason after an end other than expiry, unless the incident is later than
 * that end: what was reversed or withdrawn does not come back under a new id.
 */
export function refiledAfterEnd({ statement }: DraftSubmission, facts: Facts): Problem | undefined {
  const from = fromNumericDate(statement.incident_from);
  const refiled = facts.earlier.some(
    (earlier) => earlier.reason === statement.reason && endedEarly(earlier, from),
  );
  return refiled
    ? refusal('already-decided', 'statement.incident_from', 'before-that-end')
    : undefined;
}

/** A draft that lapsed was never a record. */
function endedEarly({ standing: { ended } }: EarlierRecord, incidentFrom: Date): boolean {
  if (!ended || ended.state === 'expired' || ended.cause === 'draft-lapsed') return false;
  return incidentFrom <= ended.at;
}
