import type { CaseInput } from '@recourse/protocol';
import { canonicalForm } from './canonical-form.ts';
import { invalid } from '../kernel/refusal.ts';
import type { CaseContext } from './context.ts';
import { proofValue, type ProofClaim } from './proof-code.ts';
import { evmAddress, walletMessage } from './wallet-proof.ts';

type Kind = CaseInput<'case.find'>['kind'];

/**
 * The canonical form of an identifier whose control can be proven here.
 * @throws Problem `invalid-input`
 */
export function provableForm(kind: Kind, raw: string): string {
  const canonical = canonicalForm({ kind, raw });
  if (kind === 'wallet' && evmAddress(canonical) === undefined) {
    throw invalid('identifier', 'unsupported-chain');
  }
  return canonical;
}

/** The name whose TXT record proves control of a domain. */
export const recordName = (domain: string): string => `_recourse.${domain}`;

export const messageOf = (
  { services }: Pick<CaseContext, 'services'>,
  proving: ProofClaim,
): string =>
  walletMessage({
    origin: services.origin,
    wallet: proving.identifier,
    proof: proofValue(services.vault, proving),
  });
