import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { CliError } from '../errors.ts';
import { optional, taking, value } from '../options.ts';

const absent: ReadonlySet<unknown> = new Set(['ENODATA', 'ENOTFOUND', 'EBADNAME']);

const parseServer = taking('an address, perhaps with a port: 192.0.2.53:5353', (text) => {
  const host =
    /^\[(.+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? text.replace(/^([\d.]+):\d{1,5}$/, '$1');
  return isIP(host) === 0 ? undefined : text;
});
export const dnsServer = optional(
  value('address', "a resolver; this machine's when absent", parseServer),
);

/** The TXT records of a name, each as one text. @throws CliError `dns-unreachable` */
export async function lookUpTxt(name: string, server: string | undefined): Promise<string[]> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  if (server !== undefined) resolver.setServers([server]);
  try {
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (absent.has(code)) return [];
    throw new CliError(
      'dns-unreachable',
      {
        message: `No name server answers about ${name} (${String(code)}).`,
        next: 'Check the network, or name a resolver: --dns-server ADDRESS.',
      },
      { cause },
    );
  }
}
