import { IdentifierError } from './errors.ts';

/**
 * Characters the URL parser drops, decodes or takes for the end of the host: white space, invisible and
 * control characters, and every delimiter of a URL.
 */
const notInHosts = /[\s\p{C}%/\\?#@:[\]<>^|"`{}]/u;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const maxHostLength = 253;

/**
 * A host name in lower-case ASCII, by the platform's URL parser (UTS 46, as in WHATWG URL). The text is
 * attacker-controlled, and that parser forgives: it would read `a.com/b.com` or `a%2Ecom` as `a.com`, so
 * whatever it could cut away or decode is refused before.
 * @throws IdentifierError ip-address, not-canonicalisable
 */
export function asciiHost(raw: string): string {
  if (/^\[.*\]$/s.test(raw)) throw new IdentifierError('ip-address');
  if (notInHosts.test(raw)) throw new IdentifierError('not-canonicalisable');
  const host = parseHost(raw);
  const labels = host.split('.');
  // The parser turns every spelling of an IPv4 address (hex, octal, short) into four numbers.
  if (/^\d+$/.test(labels.at(-1) ?? '')) throw new IdentifierError('ip-address');
  const isName = labels.length >= 2 && labels.every((part) => label.test(part));
  if (!isName || host.length > maxHostLength) throw new IdentifierError('not-canonicalisable');
  return host;
}

function parseHost(raw: string): string {
  try {
    return new URL(`http://${raw}`).hostname;
  } catch {
    // Without the cause: a URL error carries its input, which is somebody's identifier.
    throw new IdentifierError(looksNumeric(raw) ? 'ip-address' : 'not-canonicalisable');
  }
}

/** WHATWG refuses hosts whose last label is a number that is no IPv4 address, such as 1.2.3.999. */
const looksNumeric = (raw: string): boolean => /^[\d.]+$/.test(raw);
