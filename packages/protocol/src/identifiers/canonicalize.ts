import { parsePhoneNumberFromString, type NumberType } from 'libphonenumber-js/max';
import { parse } from 'tldts';
import { electronicFormatIBAN, isValidIBAN } from 'ibantools';
import { IdentifierError } from './errors.ts';
import type { IdentifierKind } from './kinds.ts';
import { asciiHost } from './host.ts';
import { sharedHosts } from './shared-hosts.ts';

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

/** An unquoted local part (RFC 5321 Dot-string, RFC 6531 for other scripts), without invisible characters or lone surrogates. */
const localPart = /^[^\s\p{C}"(),:;<>@[\\\].]+(\.[^\s\p{C}"(),:;<>@[\\\].]+)*$/u;
const maxLocalOctets = 64;
const maxOctets = 254;
const gmailHosts: readonly string[] = ['gmail.com', 'googlemail.com'];

/** Trimmed, NFC, lower case, ASCII domain; Gmail's own rules for Gmail alone. */
function canonicalEmail(raw: string): string {
  const text = raw.trim().normalize('NFC').toLowerCase().normalize('NFC');
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  if (!localPart.test(local)) throw new IdentifierError('not-canonicalisable');
  const host = asciiHost(text.slice(at + 1));
  const address = gmailHosts.includes(host) ? gmailAddress(local) : `${local}@${host}`;
  if (octets(local) > maxLocalOctets || octets(address) > maxOctets) {
    throw new IdentifierError('not-canonicalisable');
  }
  return address;
}

/** Gmail delivers a.b+tag@googlemail.com to ab@gmail.com; no other provider's habits are assumed. */
function gmailAddress(local: string): string {
  const mailbox = local.replace(/\+.*$/s, '').replaceAll('.', '');
  if (mailbox === '') throw new IdentifierError('not-canonicalisable');
  return `${mailbox}@gmail.com`;
}

const octets = (text: string): number => new TextEncoder().encode(text).length;

/** An international number with the usual separators. Extensions, letters and `tel:` would be cut off in silence. */
const international = /^\+[0-9 ().\-/\u00a0]{4,40}$/;

/** Numbers that cost whoever sends a message to them, or bring money to their holder. */
const dearTypes: readonly (NumberType | undefined)[] = ['PREMIUM_RATE', 'SHARED_COST', 'PAGER'];
/** Satellites and networks of no country (ITU-T E.164, annex D). */
const dearCallingCodes: readonly string[] = ['870', '878', '881', '882', '883', '888', '979'];

/**
 * E.164 of a number that is valid by the full metadata, not merely of a possible length. A member chooses the numbers that
 * the registry writes to: none of them may earn it money.
 */
function canonicalPhone(raw: string): string {
  if (!international.test(raw)) throw new IdentifierError('not-canonicalisable');
  const number = parsePhoneNumberFromString(raw, { extract: false });
  if (!number?.isValid() || number.ext) throw new IdentifierError('not-canonicalisable');
  if (
    dearTypes.includes(number.getType()) ||
    dearCallingCodes.includes(number.countryCallingCode)
  ) {
    throw new IdentifierError('phone-range');
  }
  return number.number;
}

/** The country of a number in canonical form, as ISO 3166-1 alpha-2; undefined where it has none. */
export const countryOfPhone = (canonical: string): string | undefined =>
  parsePhoneNumberFromString(canonical)?.country;

/**
 * A registrable domain, private suffixes included: `me.github.io` is one, `github.io` and `www.example.com`
 * are not. A host below is refused, not cut: the tenant of a subdomain does not answer for the domain.
 */
function canonicalDomain(raw: string): string {
  const host = asciiHost(raw.replace(/\.$/, ''));
  const { domain, isPrivate } = parse(host, { allowPrivateDomains: true, extractHostname: false });
  if (domain === null) throw new IdentifierError(isPrivate ? 'shared-host' : 'not-registrable');
  if (sharedHosts.has(domain)) throw new IdentifierError('shared-host');
  if (domain !== host) throw new IdentifierError('not-registrable');
  return domain;
}

/** RFC 7565: userpart = unreserved / sub-delims 0*( unreserved / pct-encoded / sub-delims ). */
const acctUri =
  /^acct:([A-Za-z0-9\-._~!$&'()*+,;=](?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)@([^@]+)$/i;

/**
 * `acct:<permanent id>@<host>`. Two are the same under the case and percent-encoding normalisation of
 * RFC 3986, sections 6.2.2.1 and 6.2.2.2, that RFC 7565 names; the id itself keeps its case.
 */
function canonicalAccount(raw: string): string {
  const [, user, host] = acctUri.exec(raw) ?? [];
  if (user === undefined || host === undefined) throw new IdentifierError('not-canonicalisable');
  return `acct:${user.replaceAll(/%[0-9A-Fa-f]{2}/g, normalTriplet)}@${asciiHost(host)}`;
}

function normalTriplet(triplet: string): string {
  const char = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
  return /[A-Za-z0-9\-._~]/.test(char) ? char : triplet.toUpperCase();
}

/** CAIP-10: namespace ":" reference ":" address. */
const caip10 = /^([-a-z0-9]{3,8}):([-_a-zA-Z0-9]{1,32}):([-.%a-zA-Z0-9]{1,128})$/;
const evmAddress = /^0x[0-9a-fA-F]{40}$/;
const evmChain = /^[1-9][0-9]*$/;

/** A CAIP-10 account id. EVM addresses are lower case, their EIP-55 case is a checksum; other chains' case has meaning. */
function canonicalWallet(raw: string): string {
  const [, namespace, reference, address] = caip10.exec(raw) ?? [];
  if (namespace === undefined || reference === undefined || address === undefined) {
    throw new IdentifierError('not-canonicalisable');
  }
  if (namespace !== 'eip155') return raw;
  if (!evmChain.test(reference) || !evmAddress.test(address)) {
    throw new IdentifierError('not-canonicalisable');
  }
  return `${namespace}:${reference}:${address.toLowerCase()}`;
}

/** ASCII only: upper-casing other letters could spell a different account number. */
const written = /^[A-Za-z0-9 -]{5,60}$/;

/** Electronic format (ISO 13616) of an IBAN with the length and checksum of its country. */
function canonicalIban(raw: string): string {
  const iban = written.test(raw) ? electronicFormatIBAN(raw) : null;
  if (iban === null || !isValidIBAN(iban)) throw new IdentifierError('not-canonicalisable');
  return iban;
}
