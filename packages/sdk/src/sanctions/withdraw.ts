import {
  signCompact,
  toNumericDate,
  type Id,
  type OpOutput,
  type Withdrawal,
} from '@recourse/protocol';
import type { Session } from '../session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';

export interface WithdrawalOrder {
  readonly sanction: Id<'snc'>;
  readonly cause: Withdrawal['cause'];
}

/** Signs a withdrawal with the trust key and sends it: the sanction ends, and everyone told is told. */
export async function withdraw(
  session: Session,
  order: WithdrawalOrder,
  options?: CallOptions,
): Promise<OpOutput<'sanctions.withdraw'>> {
  const withdrawal = await signCompact(
    needSigner(session.signers, 'trust'),
    'recourse-withdrawal+jwt',
    {
      iss: session.party,
      aud: session.origin,
      sub: order.sanction,
      cause: order.cause,
      iat: toNumericDate(session.transport.now()),
    },
  );
  return (await session.transport.send('sanctions.withdraw', { withdrawal }, options)).result;
}
