import { isRecourseError, type RecourseError, type RecourseErrorCode } from '@recourse/sdk';

/** Meaning of a failed step for the rest of an import. */
export type Failure = 'of-the-record' | 'bucket-empty' | 'of-the-import';

/** Refusals that are about one record; everything else would be the same for the next one. */
const ofTheRecord: ReadonlySet<RecourseErrorCode> = new Set<RecourseErrorCode>([
  'invalid-input',
  'reason-not-accepted',
  'authority-origin-not-accepted',
  'control-not-proven',
  'proof-too-weak',
  'retention-too-long',
  'not-independent',
  'notice-required',
  'already-decided',
  'state-conflict',
  'not-found',
  'idempotency-conflict',
  'too-large',
]);

export function classify(error: unknown): Failure {
  if (!isRecourseError(error)) return 'of-the-import';
  if (isBucketEmpty(error)) return 'bucket-empty';
  return ofTheRecord.has(error.code) ? 'of-the-record' : 'of-the-import';
}

/** The submission bucket, as against the quota of evaluations: a second holder lifts it. */
const isBucketEmpty = (error: RecourseError): boolean =>
  error.code === 'quota-exceeded' && error.hasIssue('second-holder-required');

/** The registry holds a sanction of this id: an attempt whose answer was lost long ago. */
export const isTaken = (error: unknown): boolean =>
  isRecourseError(error, 'state-conflict') && error.hasIssue('taken');

/** A refusal of the evidence file between the reading of the row and the commitment to its bytes. */
export const isUnreadableFile = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error;
