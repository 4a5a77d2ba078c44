import {
  signCompact,
  toNumericDate,
  type Id,
  type OpOutput,
  type Withdrawal,
} from '@recourse/protocol';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';

/** Which own record ends, and why. */
export interface WithdrawalOrder {
  /** Id of the record */
  readonly sanction: Id<'snc'>;

  /** Why it ends */
  readonly cause: Withdrawal['cause'];
}

/** Signs a withdrawal with the trust key and sends it. The sanction ends, and every platform told hears of it. */
export async function withdraw(
  session: Session,
  order: WithdrawalOrder,
  options?: CallOptions,
): Promise<OpOutput<'sanctions.withdraw'>> {
  const withdrawal = await signWithdrawal(session, order);
  return (await session.transport.send('sanctions.withdraw', { withdrawal }, options)).result;
}

/** `recourse-withdrawal+jwt` by the trust key: to withdraw, or to concede an appeal. */
export function signWithdrawal(session: Session, order: WithdrawalOrder): Promise<string> {
  const payload = {
    iss: session.party,
    aud: session.origin,
    sub: order.sanction,
    cause: order.cause,
    iat: toNumericDate(session.transport.now()),
  };
  const signer = needSigner(session.signers, 'trust');
  return signCompact(signer, 'recourse-withdrawal+jwt', payload);
}
