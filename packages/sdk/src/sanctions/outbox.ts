import type { Id, IdentifierKind, Submission } from '@recourse/protocol';
import type { EvidenceOpening } from './evidence.ts';

/**
 * A signed submission before it is sent, as plain JSON. Whoever keeps it can send it again after a crash:
 * it has one effect however often it is sent. It holds tokens, salts and the case code: store it as a secret.
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
 * Where submissions wait. States: saved before the first attempt; done when the registry has answered with
 * a result. A refusal leaves it saved: the caller mends it, or calls `done` to give up.
 */
export interface Outbox {
  save(intent: SubmissionIntent): Promise<void>;
  done(sanction: string): Promise<void>;
}
