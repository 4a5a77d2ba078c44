import {
  signCompact,
  toNumericDate,
  type Id,
  type LiftedBy,
  type OpOutput,
  type Withdrawal,
} from '@recourse/protocol';
import { commitComplaint, type Evidence, type EvidenceOpening } from '../commitments.ts';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';

/** Which own record ends, and why. */
export interface WithdrawalOrder {
  /** Id of the record */
  readonly sanction: Id<'snc'>;

  /** Why it ends */
  readonly cause: Withdrawal['cause'];

  /** Of a `home-reversal`: sent within 72 hours of the lifting, it counts neither for nor against you */
  readonly lifted?: Lifting | undefined;
}

/** How your own complaint desk, an out-of-court body or a court lifted the measure. */
export interface Lifting {
  /** When it was lifted */
  readonly at: Date;

  /** Who lifted it */
  readonly by: LiftedBy;

  /** The complaint or the ruling as received. It is hashed here and stays here: a reviewer may ask for it */
  readonly complaint: Omit<Evidence, 'class' | 'count'>;
}

/** A record that ended, as the registry has it. */
export type WithdrawnSanction = OpOutput<'sanctions.withdraw'> & {
  /** Keep it with the complaint: without the salt you cannot show it, and the withdrawal counts against you */
  readonly complaint?: EvidenceOpening;
};

/** A withdrawal that was signed and not sent. */
export interface SignedWithdrawal {
  /** `recourse-withdrawal+jwt` */
  readonly withdrawal: string;
  /** What opens the complaint that it commits to */
  readonly complaint?: EvidenceOpening;
}

/** Signs a withdrawal with the trust key and sends it. The sanction ends, and every platform told hears of it. */
export async function withdraw(
  session: Session,
  order: WithdrawalOrder,
  options?: CallOptions,
): Promise<WithdrawnSanction> {
  const { withdrawal, ...kept } = await signWithdrawal(session, order);
  const { result } = await session.transport.send('sanctions.withdraw', { withdrawal }, options);
  return { ...result, ...kept };
}

/**
 * `recourse-withdrawal+jwt` by the trust key: to withdraw, or to concede an appeal. What opens a complaint is in the
 * journal, beside the evidence that it has of the record, before this resolves.
 */
export async function signWithdrawal(
  session: Session,
  { sanction, cause, lifted }: WithdrawalOrder,
): Promise<SignedWithdrawal> {
  const complaint = lifted && (await commitComplaint(lifted.complaint, session.random));
  if (complaint) await keep(session, sanction, complaint);
  const payload = {
    iss: session.party,
    aud: session.origin,
    sub: sanction,
    cause,
    ...(lifted && complaint
      ? {
          lifted: {
            at: toNumericDate(lifted.at),
            by: lifted.by,
            complaint: complaint.commitment,
          },
        }
      : {}),
    iat: toNumericDate(session.transport.now()),
  };
  const signer = needSigner(session.signers, 'trust');
  const withdrawal = await signCompact(signer, 'recourse-withdrawal+jwt', payload);
  return { withdrawal, ...(complaint && { complaint }) };
}

/** A journal that has nothing of the record keeps nothing: it would hide what another journal has. */
async function keep(
  { journal }: Session,
  sanction: Id<'snc'>,
  complaint: EvidenceOpening,
): Promise<void> {
  const known = await journal?.load(sanction);
  if (known) await journal?.save(sanction, [...known, complaint]);
}
