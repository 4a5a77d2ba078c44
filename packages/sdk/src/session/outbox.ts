import type { Id, IdentifierKind, Submission } from '@recourse/protocol';
import type { EvidenceOpening } from '../commitments.ts';

/**
 * A signed submission before it is sent, as plain JSON. Sending it again, even after a crash, is idempotent. It holds
 * tokens, salts and the case code: store it as a secret.
 */
export interface SubmissionIntent {
  /** Version of this form */
  readonly version: 1;

  /** Whether it is recorded at once or waits for a second person */
  readonly op: 'sanctions.submit' | 'sanctions.draft';

  /** Id of the record */
  readonly sanction: Id<'snc'>;

  /** The submission: statement, tokens, account */
  readonly input: Submission;

  /** The code of the creator's case: a secret */
  readonly caseCode: string;

  /** Openings of the evidence: secrets */
  readonly evidence: readonly EvidenceOpening[];
  /** Leaf index and kind of each identifier, as `sanctions.notify` names them */
  readonly subjects: readonly { readonly index: number; readonly kind: IdentifierKind }[];
}

/**
 * Keeps submissions until they are answered. States: saved before the first attempt; done when the registry answered
 * with a result. A refused one stays saved: fix it, or call `done` to give up.
 */
export interface Outbox {
  /** Resolves when the intent is durable */
  save(intent: SubmissionIntent): Promise<void>;

  /** Forgets the intent of a record */
  done(sanction: string): Promise<void>;
}
