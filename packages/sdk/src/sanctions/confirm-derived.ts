import {
  signCompact,
  toNumericDate,
  type DerivedConfirmation,
  type Id,
  type OpOutput,
} from '@recourse/protocol';
import type { Session } from '../session/session.ts';
import { needSigner } from '../signers.ts';
import type { CallOptions } from '../transport/transport.ts';
import { commitEvidence, type Evidence, type EvidenceOpening } from '../commitments.ts';

/** The platform's own evidence, with the time of its collection. */
export interface OwnEvidence extends Evidence {
  /** When the platform collected it */
  readonly collectedAt: Date;
  /** `independent`: before the platform was told of the other record; `later`: after that */
  readonly basis: DerivedConfirmation['evidence'][number]['basis'];
}

/** A derived record that the platform confirms by itself. */
export interface DerivedOrder {
  /** The own record that is under review */
  readonly sanction: Id<'snc'>;
  /** 1..16 items that prove the act by themselves; their bytes are hashed here and stay here */
  readonly evidence: readonly OwnEvidence[];
}

/** The state of one record, and the openings of its evidence. */
export type DerivedConfirmationResult = OpOutput<'sanctions.confirmEcho'>['confirmed'][number] & {
  /** Keep these with the bytes */
  readonly evidence: readonly EvidenceOpening[];
};

/**
 * Commits to own evidence of 1..50 records, signs that with the trust key, and sends it. The derived records go on, all of
 * them or none.
 */
export async function confirmDerived(
  session: Session,
  orders: readonly DerivedOrder[],
  options?: CallOptions,
): Promise<readonly DerivedConfirmationResult[]> {
  const signed = await Promise.all(orders.map((order) => signConfirmation(session, order)));
  const confirmations = signed.map(({ confirmation }) => confirmation);
  const call = { confirmations };
  const { result } = await session.transport.send('sanctions.confirmEcho', call, options);
  const openings = new Map(signed.map(({ sanction, evidence }) => [sanction, evidence]));
  return result.confirmed.map((one) => ({ ...one, evidence: openings.get(one.sanction) ?? [] }));
}

async function signConfirmation(session: Session, { sanction, evidence }: DerivedOrder) {
  const { items, openings } = await commitEvidence(evidence, session.random);
  const payload: DerivedConfirmation = {
    iss: session.party as DerivedConfirmation['iss'],
    aud: session.origin,
    sub: sanction,
    evidence: items.map((item, place) => ({
      ...item,
      collected_at: toNumericDate(evidence[place]!.collectedAt),
      basis: evidence[place]!.basis,
    })),
    iat: toNumericDate(session.transport.now()),
  };
  const signer = needSigner(session.signers, 'trust');
  const confirmation = await signCompact(signer, 'recourse-echo+jwt', payload);
  return { sanction, confirmation, evidence: openings };
}
