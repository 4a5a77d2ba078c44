import type { Id, IdentifierKind, Submission } from '@recourse/protocol';
import type { EvidenceOpening } from './evidence.ts';

/**
 * A signed submission before it is sent, as plain JSON. Sending it again, even after a crash, is idempotent. It holds
 * tokens, salts and the case code: store it as a secret.
 */
export interface SubmissionIntent {
  readonly version: 1;
  readonly op: 'sanctions.submit' | 'sanctions.draft';
  readonly sanction: Id<'snc'>;
  readonly input: Submission;
  readonly caseCode: string;
  readonly evidence: readonly EvidenceOpening[];
  /** Leaf index and kind of each identifier, as `sanctions.notify` names them */
  readonly subjects: readonly { readonly index: number; readonly kind: IdentifierKind }[];
}

/**
 * Keeps submissions until they are answered. States: saved before the first attempt; done when the registry answered
 * with a result. A refused one stays saved: fix it, or call `done` to give up.
 */
export interface Outbox {
  save(intent: SubmissionIntent): Promise<void>;
  done(sanction: string): Promise<void>;
}
