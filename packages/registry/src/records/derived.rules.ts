import {
  meetsProofFloor,
  type DerivedConfirmation,
  type Problem,
  type ReasonCode,
} from '@recourse/protocol';
import { dueAt } from '@recourse/protocol/review';
import { invalid, refusal } from '../kernel/refusal.ts';

const confirmDays = 14;

/** Confirmed with own evidence or withdrawn in 14 d from when its platform is told, else suspended until it is. */
export const reviewDueAt = (startedAt: Date): Date => dueAt(startedAt, 24 * confirmDays);

/** The facts by which a confirmation is judged. */
export interface DerivedFacts {
  readonly reason: ReasonCode;
  readonly now: Date;
  /** When its platform, or one of its group, was first told of a record that it follows */
  readonly toldAt: Date | null;
  /** Another group's record commits to one of its items */
  readonly isCopied: boolean;
  /** Where the confirmation stands in the call */
  readonly path: string;
}

/**
 * Own evidence meets the proof floor by itself, and each item was collected either before the platform was told of
 * the other record, and so without knowing of it, or after.
 */
export function refuseOwnEvidence(
  { evidence }: DerivedConfirmation,
  { reason, now, toldAt, isCopied, path: member }: DerivedFacts,
): Problem | undefined {
  const commitments = evidence.map(({ commitment }) => commitment);
  if (new Set(commitments).size < commitments.length) {
    return invalid(`${member}.evidence`, 'duplicate-commitment');
  }
  // Commitments are disclosed with a statement: what another platform committed to can be copied.
  if (isCopied) {
    return refusal('not-independent', `${member}.evidence`, 'of-another-record');
  }
  for (const [place, { collected_at: at, basis }] of evidence.entries()) {
    const path = `${member}.evidence.${place}.collected_at`;
    if (at * 1000 > now.getTime()) return invalid(path, 'in-the-future');
    if (toldAt && isLater(at, toldAt) !== (basis === 'later')) return invalid(path, 'not-as-based');
  }
  return meetsProofFloor(reason, evidence)
    ? undefined
    : refusal('proof-too-weak', `${member}.evidence`, 'below-floor');
}

const isLater = (collectedAt: number, toldAt: Date): boolean =>
  collectedAt * 1000 > toldAt.getTime();
