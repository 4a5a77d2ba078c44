import {
  meetsProofFloor,
  type DerivedConfirmation,
  type Problem,
  type ReasonCode,
} from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import { invalid, refusal } from '../kernel/refusal.ts';

const confirmDays = 14;
const endDays = 30;

/** The clocks of an open review: from `dueAt` on the derived record answers nothing, at `endsAt` it ends. */
export interface DerivedReview {
  readonly dueAt: Date;
  readonly endsAt: Date;
}

/** Confirmed with own evidence or withdrawn in 14 d, else suspended, at 30 d ended; from when its platform is told. */
export const reviewFrom = (startedAt: Date): DerivedReview => ({
  dueAt: dueAt(startedAt, 24 * confirmDays),
  endsAt: dueAt(startedAt, 24 * endDays),
});

/** What a confirmation is judged by. */
export interface DerivedFacts {
  readonly reason: ReasonCode;
  readonly now: Date;
  /** When its platform, or one of its group, was first told of a record that it follows */
  readonly toldAt: Date | null;
  /** Another group's record commits to one of its items */
  readonly isCopied: boolean;
}

/**
 * Own evidence meets the proof floor by itself, and each item was collected either before the platform was told of
 * the other record, and so without knowing of it, or after.
 */
export function refuseOwnEvidence(
  { evidence }: DerivedConfirmation,
  { reason, now, toldAt, isCopied }: DerivedFacts,
): Problem | undefined {
  const commitments = evidence.map(({ commitment }) => commitment);
  if (new Set(commitments).size < commitments.length) {
    return invalid('confirmation.evidence', 'duplicate-commitment');
  }
  // Commitments are disclosed with a statement: what another platform committed to can be copied.
  if (isCopied) {
    return refusal('not-independent', 'confirmation.evidence', 'of-another-record');
  }
  for (const [place, { collected_at: at, basis }] of evidence.entries()) {
    const path = `confirmation.evidence.${place}.collected_at`;
    if (at * 1000 > now.getTime()) return invalid(path, 'in-the-future');
    if (toldAt && isLater(at, toldAt) !== (basis === 'later')) return invalid(path, 'not-as-based');
  }
  return meetsProofFloor(reason, evidence)
    ? undefined
    : refusal('proof-too-weak', 'confirmation.evidence', 'below-floor');
}

const isLater = (collectedAt: number, toldAt: Date): boolean =>
  collectedAt * 1000 > toldAt.getTime();
