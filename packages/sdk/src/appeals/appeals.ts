import type { Id, OpOutput } from '@recourse/protocol';
import type { Operations } from '../operations.ts';
import { signWithdrawal, type WithdrawalOrder } from '../sanctions/withdraw.ts';
import type { Session } from '../session/session.ts';
import type { CallOptions } from '../transport/transport.ts';

/** Why the platform stands by a sanction. */
export interface Stand {
  /** The appeal against an own sanction */
  readonly appeal: Id<'apl'>;
  /** For the reviewer and the creator, up to 4,000 characters */
  readonly text: string;
}

/** An own sanction that the platform gives up under an appeal. */
export interface Concession extends Omit<WithdrawalOrder, 'lifted'> {
  /** The appeal that is conceded */
  readonly appeal: Id<'apl'>;
}

/** Appeals against own sanctions. */
export type Appeals = Operations['appeals'] & {
  /** Stands by the sanction, in words. */
  stand(stand: Stand, options?: CallOptions): Promise<OpOutput<'appeals.respond'>>;
  /**
   * Signs a withdrawal with the trust key. The sanction ends and counts as reversed, and every platform told hears of
   * it.
   */
  concede(concession: Concession, options?: CallOptions): Promise<OpOutput<'appeals.respond'>>;
};

export function appealsOver(session: Session, operations: Operations['appeals']): Appeals {
  return {
    ...operations,
    stand: ({ appeal, text }, options) => operations.respond({ appeal, stand: { text } }, options),
    concede: async ({ appeal, ...order }, options) => {
      const { withdrawal: concede } = await signWithdrawal(session, order);
      return operations.respond({ appeal, concede }, options);
    },
  };
}
