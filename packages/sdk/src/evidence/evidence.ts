import type { Id } from '@recourse/protocol';
import type { Operations } from '../operations.ts';
import type { Session } from '../session.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { Delivered, Delivery } from './deliver.ts';
import type { OpenedEvidence } from './open.ts';

/** Evidence under appeal, sealed by the submitter to the reviewers: the registry cannot read it. */
export interface EvidenceExchange extends Omit<Operations['evidence'], 'deliver' | 'open'> {
  /**
   * Verifies whom it is for and that it is what was committed to, then seals and sends it.
   * @throws RecourseError `evidence-mismatch`, `claim-missing`, `claim-invalid`, `chain-invalid`, `invalid-input`
   */
  deliver(delivery: Delivery, options?: CallOptions): Promise<Delivered>;
  /** For reviewers: opens all that was delivered, each item compared with the statement. */
  open(appeal: Id<'apl'>, options?: CallOptions): Promise<OpenedEvidence[]>;
}

/** The code that seals is loaded at first use. */
export function evidenceOver(
  session: Session,
  operations: Operations['evidence'],
): EvidenceExchange {
  return {
    ...operations,
    deliver: async (delivery, options) => {
      const { deliver } = await import('./deliver.ts');
      return deliver(session, delivery, options);
    },
    open: async (appeal, options) => {
      const { openEvidence } = await import('./open.ts');
      return openEvidence(session, appeal, options);
    },
  };
}
