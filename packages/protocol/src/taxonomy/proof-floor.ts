import type { EvidenceClass } from './evidence-classes.ts';
import type { ProofAlternative, ProofRequirement } from './reason.ts';
import type { ReasonCode } from './reason-codes.ts';
import { reason } from './reasons.ts';

/** An item of evidence, as far as the proof floor counts it. */
export interface ProofItem {
  readonly class: EvidenceClass;
  /** Pieces of the class inside one committed item (reports in one bundle); 1 when absent. */
  readonly count?: number | undefined;
}

/**
 * True when the evidence meets every line of at least one alternative of the code's proof floor. Items of a class add
 * up by `count`. Where a line asks for different holders each item counts once, whatever its count: one item is one
 * person's memo. Only the reviewer who opens the items sees that two of them are by two people, since the signer stands
 * in the bytes.
 */
export function meetsProofFloor(code: ReasonCode, evidence: readonly ProofItem[]): boolean {
  return reason(code).proofFloor.some((alternative) => meetsAlternative(alternative, evidence));
}

function meetsAlternative(alternative: ProofAlternative, evidence: readonly ProofItem[]): boolean {
  return alternative.every((line) => amountOf(line, evidence) >= line.min);
}

function amountOf(line: ProofRequirement, evidence: readonly ProofItem[]): number {
  return evidence
    .filter((item) => item.class === line.class)
    .reduce((sum, item) => sum + (line.distinctHolders ? 1 : (item.count ?? 1)), 0);
}

/**
 * The least proof of a code as a phrase, such as `two pieces of victim-report, or one piece of payment-records`.
 * @param named how the caller writes the name of a class
 */
export const proofFloorText = (
  code: ReasonCode,
  named: (name: EvidenceClass) => string = (name) => name,
): string =>
  reason(code)
    .proofFloor.map((alternative) =>
      alternative.map((line) => requirementText(line, named)).join(' and '),
    )
    .join(', or ');

function requirementText(line: ProofRequirement, named: (name: EvidenceClass) => string): string {
  const pieces = { 1: 'one piece', 2: 'two pieces' }[line.min] ?? `${line.min} pieces`;
  const from = line.distinctHolders ? ', each from another person' : '';
  return `${pieces} of ${named(line.class)}${from}`;
}
