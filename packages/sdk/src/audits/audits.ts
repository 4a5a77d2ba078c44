import type { Id } from '@recourse/protocol';
import type { OpenedEvidence } from '../evidence/open.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { AuditDelivery, DeliveredForAudit } from './deliver-audit.ts';
import type { TakenAudit } from './take-audit.ts';

/** Records that a reviewer examines without an appeal, and decisions that are made again. */
export interface Audits extends Omit<Operations['audits'], 'deliver' | 'open'> {
  /** For reviewers: takes the audit that is due first, with a fresh key that evidence is sealed to; safe to repeat. */
  take(options?: Pick<CallOptions, 'signal'>): Promise<TakenAudit>;
  /**
   * Verifies whom it is for and that it is what was committed to, then seals and sends what is missing.
   * @throws RecourseError `evidence-mismatch`, `claim-missing`, `claim-invalid`, `chain-invalid`, `invalid-input`, `not-found`
   */
  deliver(delivery: AuditDelivery, options?: CallOptions): Promise<DeliveredForAudit>;
  /** For reviewers: opens all that was delivered, each item compared with the statement. */
  open(item: Id<'itm'>, options?: CallOptions): Promise<OpenedEvidence[]>;
}

/** The code that seals is loaded at first use. */
export function auditsOver(session: Session, operations: Operations['audits']): Audits {
  return {
    ...operations,
    take: async (options) => {
      const { takeAudit } = await import('./take-audit.ts');
      return takeAudit(session, options);
    },
    deliver: async (delivery, options) => {
      const { deliverAudit } = await import('./deliver-audit.ts');
      return deliverAudit(session, delivery, options);
    },
    open: async (item, options) => {
      const { openAudit } = await import('./open-audit.ts');
      return openAudit(session, item, options);
    },
  };
}
