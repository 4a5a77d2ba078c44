import { isIP, type BlockList } from 'node:net';

/** The parts of a request that say where it came from. */
export interface Origination {
  readonly remoteAddress: string | undefined;
  /** `X-Forwarded-For`: attacker-controlled unless a trusted proxy wrote its end */
  readonly forwardedFor: string | undefined;
}

/**
 * The address that failures are charged to: the peer, or, behind trusted proxies, the last address in X-Forwarded-For
 * that is none of them. Anything left of that was written by the client, who could name a new source for every call.
 * IPv6 addresses count by their /64, which is what one subscriber has.
 */
export function sourceAddress(request: Origination, trusted: BlockList): string {
  const peer = plain(request.remoteAddress ?? '');
  if (!isTrusted(peer, trusted)) return network(peer);
  const hops = (request.forwardedFor ?? '').split(',').map((hop) => plain(hop.trim()));
  const client = hops.toReversed().find((hop) => !isTrusted(hop, trusted));
  return network(client !== undefined && isIP(client) !== 0 ? client : peer);
}

export function isTrusted(address: string, trusted: BlockList): boolean {
  const version = isIP(address);
  return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** IPv4 inside IPv6 (RFC 4291, section 2.5.5.2) is that IPv4 address. */
export const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

function network(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
