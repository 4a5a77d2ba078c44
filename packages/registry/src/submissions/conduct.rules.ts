import { isAuthorityOrigin, meetsProofFloor, reasons, type Problem } from '@recourse/protocol';
import type { DraftSubmission, Facts, OpenedSubmission } from './facts.ts';
import { invalid, refusal } from '../kernel/refusal.ts';

/** A reason not enabled, or without the party's legal basis. */
export function reasonNotAccepted(
  { statement }: DraftSubmission,
  facts: Facts,
): Problem | undefined {
  if (!reasons[statement.reason].namesCriminalOffence) return undefined;
  if (facts.platform.registration.legalBasis === 'none') {
    return refusal('reason-not-accepted', 'statement.reason', 'no-legal-basis');
  }
  return facts.platform.enabledReasons.includes(statement.reason)
    ? undefined
    : refusal('reason-not-accepted', 'statement.reason', 'not-enabled');
}

/** `age: minor` only for account-takeover, sextortion, swatting, ncii. */
export function reasonNotForMinors({ statement }: DraftSubmission): Problem | undefined {
  if (statement.age !== 'minor' || reasons[statement.reason].minorAllowed) return undefined;
  return refusal('reason-not-accepted', 'statement.age', 'minor');
}

/**
 * Origin by authority (a flagger on the list of public bodies counts), or no attestation against it. The
 * submitter chooses the origin: a flagger that is not on the list could be anybody under any name.
 */
export function authorityOrigin(
  { statement }: OpenedSubmission,
  facts: Facts,
): Problem | undefined {
  const { origin, attest } = statement;
  const publicBodies = new Set(facts.flaggers.filter((f) => f.publicBody).map((f) => f.id));
  if (isAuthorityOrigin(origin, publicBodies)) {
    return refusal('authority-origin-not-accepted', 'statement.origin', 'authority');
  }
  if (
    typeof origin === 'object' &&
    !facts.flaggers.some((f) => f.id === origin['trusted-flagger'])
  ) {
    return invalid('statement.origin', 'unknown-flagger');
  }
  return attest.includes('no-authority')
    ? undefined
    : refusal('authority-origin-not-accepted', 'statement.attest', 'not-attested');
}

/** A decision not by a human. */
export const machineDecision = ({ statement }: OpenedSubmission): Problem | undefined =>
  statement.decided_by === 'human'
    ? undefined
    : invalid('statement.decided_by', 'not-decided-by-a-human');

/** `policy` is the index of a policy that the party has published. */
export const unknownPolicy = ({ statement }: OpenedSubmission, facts: Facts): Problem | undefined =>
  statement.policy < facts.platform.registration.policies.length
    ? undefined
    : invalid('statement.policy', 'unknown-policy');

/** Proof below the floor. One commitment listed twice is one item: it could otherwise fill a floor of two. */
export function weakProof({ statement }: OpenedSubmission): Problem | undefined {
  const { evidence, reason } = statement;
  if (new Set(evidence.map((item) => item.commitment)).size < evidence.length) {
    return invalid('statement.evidence', 'duplicate-commitment');
  }
  return meetsProofFloor(reason, evidence)
    ? undefined
    : refusal('proof-too-weak', 'statement.evidence', 'below-floor');
}
