import type { OpOutput, ReviewId } from '@recourse/protocol';
import type { Operations } from '../operations.ts';
import type { Session } from '../session.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { Delivered, Delivery } from './deliver.ts';
import type { DisputedItem, Rechecked } from './dispute.ts';
import type { OpenedEvidence } from './open.ts';

/** Evidence of a case, sealed by the submitter to the reviewers: the registry cannot read it. */
export interface EvidenceExchange extends Omit<
  Operations['evidence'],
  'deliver' | 'open' | 'dispute' | 'recheck'
> {
  /**
   * Verifies whom it is for and that it is what was committed to, then seals and sends it.
   * @throws RecourseError `evidence-mismatch`, `claim-missing`, `claim-invalid`, `chain-invalid`, `invalid-input`
   */
  deliver(delivery: Delivery, options?: CallOptions): Promise<Delivered>;
  /** For reviewers: opens all that was delivered, each item compared with the statement. */
  open(appeal: ReviewId, options?: CallOptions): Promise<OpenedEvidence[]>;
  /**
   * For reviewers: says that an item does not fit, once it was compared again; another reviewer repeats it.
   * @throws RecourseError `evidence-fits`, `evidence-unopened`, `sealing-key-missing`, `statement-invalid`
   */
  dispute(item: DisputedItem, options?: CallOptions): Promise<OpOutput<'evidence.dispute'>>;
  /** For reviewers: repeats the oldest comparison of another one, and says what was found. */
  recheck(options?: CallOptions): Promise<Rechecked>;
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
