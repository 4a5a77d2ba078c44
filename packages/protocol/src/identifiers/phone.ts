import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { IdentifierError } from './errors.ts';

/** An international number with the usual separators. Extensions, letters and `tel:` would be cut off in silence. */
const international = /^\+[0-9 ().\-/\u00a0]{4,40}$/;

/** E.164 of a number that is valid by the full metadata, not merely of a possible length. */
export function canonicalPhone(raw: string): string {
  if (!international.test(raw)) throw new IdentifierError('not-canonicalisable');
  const number = parsePhoneNumberFromString(raw, { extract: false });
  if (!number?.isValid() || number.ext) throw new IdentifierError('not-canonicalisable');
  return number.number;
}
