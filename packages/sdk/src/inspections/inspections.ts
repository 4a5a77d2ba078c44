import type { Id } from '@recourse/protocol';
import type { OpenedEvidence } from '../evidence/open.ts';
import type { Operations } from '../operations.ts';
import type { Session } from '../session.ts';
import type { CallOptions } from '../transport/transport.ts';
import type { InspectionDelivery, DeliveredForInspection } from './deliver-inspection.ts';
import type { TakenInspection } from './take-inspection.ts';

/** Records that a reviewer examines without an appeal, and decisions that are made again. */
export interface Inspections extends Omit<Operations['inspections'], 'deliver' | 'open'> {
  /** For reviewers: takes the inspection that is due first, with a fresh key that evidence is sealed to; safe to repeat. */
  take(options?: Pick<CallOptions, 'signal'>): Promise<TakenInspection>;
  /**
   * Verifies whom it is for and that it is what was committed to, then seals and sends what is missing.
   * @throws RecourseError `evidence-mismatch`, `claim-missing`, `claim-invalid`, `chain-invalid`, `invalid-input`, `not-found`
   */
  deliver(delivery: InspectionDelivery, options?: CallOptions): Promise<DeliveredForInspection>;
  /** For reviewers: opens all that was delivered, each item compared with the statement. */
  open(item: Id<'itm'>, options?: CallOptions): Promise<OpenedEvidence[]>;
}

/** The code that seals is loaded at first use. */
export function inspectionsOver(
  session: Session,
  operations: Operations['inspections'],
): Inspections {
  return {
    ...operations,
    take: async (options) => {
      const { takeInspection } = await import('./take-inspection.ts');
      return takeInspection(session, options);
    },
    deliver: async (delivery, options) => {
      const { deliverInspection } = await import('./deliver-inspection.ts');
      return deliverInspection(session, delivery, options);
    },
    open: async (item, options) => {
      const { openInspection } = await import('./open-inspection.ts');
      return openInspection(session, item, options);
    },
  };
}
