import { canonicalAccount } from './account.ts';
import { canonicalDomain } from './domain.ts';
import { canonicalEmail } from './email.ts';
import { IdentifierError } from './errors.ts';
import { canonicalIban } from './iban.ts';
import type { IdentifierKind } from './kinds.ts';
import { canonicalPhone } from './phone.ts';
import { canonicalWallet } from './wallet.ts';

/** Longer than any identifier of the table; bounds the work of the parsers below. */
const maxRawLength = 512;

const canonicalForms: Readonly<Record<IdentifierKind, (raw: string) => string>> = {
  email: canonicalEmail,
  phone: canonicalPhone,
  domain: canonicalDomain,
  account: canonicalAccount,
  wallet: canonicalWallet,
  iban: canonicalIban,
};

/**
 * The one spelling of an identifier that tokens are computed from (protocol, section 6).
 *
 * Over-normalising creates false matches, so nothing is unified beyond that table, and everything outside of it is
 * refused. A canonical form is its own canonical form.
 * @throws IdentifierError
 */
export function canonicalize(kind: IdentifierKind, raw: string): string {
  if (raw.length > maxRawLength) throw new IdentifierError('not-canonicalisable');
  return canonicalForms[kind](raw);
}
