import type { OpOutput, ReviewId } from '@recourse/protocol';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { EvidenceDelivery, Delivery } from './deliver.ts';
import type { DisputedItem, RecheckResult } from './dispute.ts';
import type { OpenedEvidence } from './open.ts';

/** Evidence of a case, sealed by the submitter to the reviewers: the registry cannot read it. */
export interface EvidenceExchange extends Omit<
  Operations['evidence'],
  'deliver' | 'open' | 'dispute' | 'recheck'
> {
  /**
   * Verifies the reviewers and that the evidence fits the statement, then seals and sends it.
   * @throws RecourseError `evidence-mismatch`, `claim-missing`, `claim-invalid`, `chain-invalid`, `invalid-input`
   */
  deliver(delivery: Delivery, options?: CallOptions): Promise<EvidenceDelivery>;
  /** For reviewers: opens every delivered item, and compares it with the statement. */
  open(appeal: ReviewId, options?: CallOptions): Promise<OpenedEvidence[]>;
  /**
   * For reviewers: disputes an item after comparing it again. Another reviewer then compares it, too.
   * @throws RecourseError `evidence-fits`, `evidence-unopened`, `sealing-key-missing`, `statement-invalid`
   */
  dispute(item: DisputedItem, options?: CallOptions): Promise<OpOutput<'evidence.dispute'>>;
  /** For reviewers: compares the oldest item that another reviewer disputed, and reports the result. */
  recheck(options?: CallOptions): Promise<RecheckResult>;
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
    dispute: async (item, options) => {
      const { dispute } = await import('./dispute.ts');
      return dispute(session, item, options);
    },
    recheck: async (options) => {
      const { recheck } = await import('./dispute.ts');
      return recheck(session, options);
    },
  };
}
