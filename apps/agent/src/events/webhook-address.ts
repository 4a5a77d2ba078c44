import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { AgentError } from '../errors.ts';

/** RFC 1122, RFC 4291: this machine. */
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** RFC 1918, RFC 4193: networks of an organisation. Link-local ones, where clouds serve credentials, are none. */
const organisation = new BlockList();
organisation.addSubnet('10.0.0.0', 8, 'ipv4');
organisation.addSubnet('172.16.0.0', 12, 'ipv4');
organisation.addSubnet('192.168.0.0', 16, 'ipv4');
organisation.addSubnet('fc00::', 7, 'ipv6');

/**
 * Events are for services beside the agent: an address of the internet is refused, whoever configured it.
 * @throws AgentError `usage`
 */
export function readWebhookUrl(text: string, allowPrivate: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.protocol !== 'http:' || url.username !== '' || url.hash !== '') throw noUrl();
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isFit =
    isIP(host) === 0 ? host === 'localhost' || allowPrivate : isNear(host, allowPrivate);
  if (!isFit) throw tooFar();
  return url;
}

/** Whether an address is of this machine, or of the organisation where that is allowed. */
function isNear(address: string, allowPrivate: boolean): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return loopback.check(address, family) || (allowPrivate && organisation.check(address, family));
}

/** Looks a name up at each connection, and keeps what is near: a name that changes later leads nowhere else. */
export const nearLookup =
  (allowPrivate: boolean): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const near = found?.filter(({ address }) => isNear(address, allowPrivate)) ?? [];
      const [first] = near;
      if (error) callback(error, '');
      else if (!first) callback(Object.assign(new Error('too far'), { code: 'EACCES' }), '');
      else if (options.all) callback(null, near);
      else callback(null, first.address, first.family);
    });
  };

const noUrl = (): AgentError =>
  new AgentError('usage', {
    message: '--webhook is no URL of a local service.',
    next: 'Give one such as http://127.0.0.1:8080/recourse: plain HTTP, without a user and a fragment.',
  });

const tooFar = (): AgentError =>
  new AgentError('usage', {
    message: '--webhook is not on this machine.',
    next: 'Give a loopback address; with --webhook-private also a private one, or a name that stands for one.',
  });
