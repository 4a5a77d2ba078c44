import { electronicFormatIBAN, isValidIBAN } from 'ibantools';
import { IdentifierError } from './errors.ts';

/** ASCII only: upper-casing other letters could spell a different account number. */
const written = /^[A-Za-z0-9 -]{5,60}$/;

/** Electronic format (ISO 13616) of an IBAN with the length and checksum of its country. */
export function canonicalIban(raw: string): string {
  const iban = written.test(raw) ? electronicFormatIBAN(raw) : null;
  if (iban === null || !isValidIBAN(iban)) throw new IdentifierError('not-canonicalisable');
  return iban;
}
