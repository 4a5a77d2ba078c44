import { IdentifierError } from './errors.ts';
import { asciiHost } from './host.ts';

/** RFC 7565: userpart = unreserved / sub-delims 0*( unreserved / pct-encoded / sub-delims ). */
const acctUri =
  /^acct:([A-Za-z0-9\-._~!$&'()*+,;=](?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)@([^@]+)$/i;

/**
 * `acct:<permanent id>@<host>`. Two are the same under the case and percent-encoding normalisation of
 * RFC 3986, sections 6.2.2.1 and 6.2.2.2, that RFC 7565 names; the id itself keeps its case.
 */
export function canonicalAccount(raw: string): string {
  const [, user, host] = acctUri.exec(raw) ?? [];
  if (user === undefined || host === undefined) throw new IdentifierError('not-canonicalisable');
  return `acct:${user.replaceAll(/%[0-9A-Fa-f]{2}/g, normalTriplet)}@${asciiHost(host)}`;
}

function normalTriplet(triplet: string): string {
  const char = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
  return /[A-Za-z0-9\-._~]/.test(char) ? char : triplet.toUpperCase();
}
