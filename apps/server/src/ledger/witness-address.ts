import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Why a witness is not asked where it says it is. */
type AddressFault = 'scheme-refused' | 'name-unknown' | 'address-refused';

class AddressError extends Error {
  override readonly name = 'AddressError';
  readonly code: AddressFault;

  constructor(code: AddressFault, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

export interface AddressRules {
  /** A sandbox is on one machine: its witnesses are asked over http, on loopback alone */
  readonly sandbox: boolean;
  /** Addresses of a name; the resolver of the system unless a test says otherwise */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
}

/**
 * Looks up where a url leads, and pins it: a connection through the returned function goes to an address that was
 * checked, whatever the name resolves to by then.
 *
 * The url is chosen by a member and asked from within the network of the operator: it must not reach a metadata
 * service, a database or whatever else answers there. One address that is not public refuses the name.
 * @throws AddressError
 */
export async function checkedAddress(url: URL, rules: AddressRules): Promise<LookupFunction> {
  const isLocal = rules.sandbox && url.protocol === 'http:';
  if (!isLocal && url.protocol !== 'https:') throw new AddressError('scheme-refused');
  const addresses = await addressesOf(url.hostname.replace(/^\[(.*)\]$/, '$1'), rules);
  const isAllowed = isLocal ? isLoopback : isPublic;
  if (!addresses.every(isAllowed)) throw new AddressError('address-refused');
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, done) => {
    const [first] = all;
    if (options.all === true) done(null, all);
    else done(null, first?.address ?? '', first?.family);
  };
}

async function addressesOf(host: string, { resolve }: AddressRules): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const found = await (resolve ?? resolveBySystem)(host).catch((cause: unknown) => {
    throw new AddressError('name-unknown', { cause });
  });
  if (found.length === 0) throw new AddressError('name-unknown');
  return found;
}

const resolveBySystem = async (name: string): Promise<string[]> =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** The service of one cloud for its machines, on an address that is public by every table. */
const wireServer = '168.63.129.16';
/** Range from which IPv6 addresses are given; IPv4 in the form `::a.b.c.d` is outside. */
const given = ipaddr.parseCIDR('2000::/3');

/** Mapped and translated IPv4 (6to4, NAT64) is none of `unicast` either. */
function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text) || text === wireServer) return false;
  const address = ipaddr.parse(text);
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(given));
}

const isLoopback = (text: string): boolean =>
  ipaddr.isValid(text) && ipaddr.parse(text).range() === 'loopback';
