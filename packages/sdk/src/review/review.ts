import type { OpOutput, ReviewId } from '@recourse/protocol';
import type { Operations } from '../operations.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';
import { countersign, type Seat } from './countersign.ts';
import { decide, type DecisionInput } from './decide.ts';
import { readCase, type ReadCase } from './read-case.ts';
import { vote, type VoteInput } from './vote.ts';
import type { TakenCase, TakeOptions } from './take.ts';

/** Operations of a reviewer. */
export interface Review extends Omit<Operations['review'], 'decide' | 'vote'> {
  /**
   * Takes the assigned appeal or inspection, with its batch, and makes the key that evidence is sealed to. Idempotent.
   */
  take(options?: TakeOptions): Promise<TakenCase>;
  /** A taken case with its verified record, and which outcomes are open now. @throws RecourseError `statement-invalid` */
  read(appeal: ReviewId, options?: CallOptions): Promise<ReadCase>;
  /** Signs for a new reviewer's seat, and sends nothing: an operator sends the signature with the invite. */
  countersign(seat: Seat): Promise<string>;
  /** Signs and sends the decision of an assigned case. */
  decide(input: DecisionInput, options?: CallOptions): Promise<OpOutput<'review.decide'>>;
  /** Signs and sends a vote on an item of the panel. */
  vote(input: VoteInput, options?: CallOptions): Promise<OpOutput<'review.vote'>>;
}

export function reviewOver(session: Session, operations: Operations['review']): Review {
  return {
    ...operations,
    take: async (options) => {
      const { take } = await import('./take.ts');
      return take(session, options);
    },
    read: (appeal, options) => readCase({ session, operations }, appeal, options),
    countersign: (seat) => countersign(session, seat),
    decide: (input, options) => decide(session, input, options),
    vote: (input, options) => vote(session, input, options),
  };
}
