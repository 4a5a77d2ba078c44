import { parse } from 'tldts';
import { IdentifierError } from './errors.ts';
import { asciiHost } from './host.ts';
import { sharedHosts } from './shared-hosts.ts';

/**
 * A registrable domain, private suffixes included: `me.github.io` is one, `github.io` and `www.example.com`
 * are not. A host below is refused, not cut: the tenant of a subdomain does not answer for the domain.
 */
export function canonicalDomain(raw: string): string {
  const host = asciiHost(raw.replace(/\.$/, ''));
  const { domain, isPrivate } = parse(host, { allowPrivateDomains: true, extractHostname: false });
  if (domain === null) throw new IdentifierError(isPrivate ? 'shared-host' : 'not-registrable');
  if (sharedHosts.has(domain)) throw new IdentifierError('shared-host');
  if (domain !== host) throw new IdentifierError('not-registrable');
  return domain;
}
