import { IdentifierError } from './errors.ts';
import { asciiHost } from './host.ts';

/** An unquoted local part (RFC 5321 Dot-string, RFC 6531 for other scripts), without invisible characters or lone surrogates. */
const localPart = /^[^\s\p{C}"(),:;<>@[\\\].]+(\.[^\s\p{C}"(),:;<>@[\\\].]+)*$/u;
const maxLocalOctets = 64;
const maxOctets = 254;
const gmailHosts: readonly string[] = ['gmail.com', 'googlemail.com'];

/** Trimmed, NFC, lower case, ASCII domain; Gmail's own rules for Gmail alone. */
export function canonicalEmail(raw: string): string {
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
