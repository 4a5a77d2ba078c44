import { describe, expect, test } from 'vitest';
import { checkedAddress } from './witness-address.ts';

const names: Readonly<Record<string, readonly string[]>> = {
  'public.test': ['8.8.8.8', '2606:4700::1111'],
  'mixed.test': ['8.8.8.8', '10.0.0.1'],
  'loopback.test': ['127.0.0.1'],
  'nothing.test': [],
};
const resolve = async (name: string): Promise<readonly string[]> => {
  const found = names[name];
  if (!found) throw new Error('ENOTFOUND');
  return found;
};

const outcome = (url: string, sandbox = false): Promise<string> =>
  checkedAddress(new URL(url), { sandbox, resolve }).then(
    () => 'asked',
    (error: { code: string }) => error.code,
  );

describe('outside a sandbox', () => {
  test.each(['https://public.test/w', 'https://8.8.8.8/', 'https://[2606:4700::1111]/'])(
    'a witness is asked at a public address: %s',
    async (url) => expect(await outcome(url)).toBe('asked'),
  );

  test.each([
    ['loopback', '127.0.0.1'],
    ['loopback by another spelling', '0x7f.1'],
    ['loopback as a number', '2130706433'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['link-local, where metadata are', '169.254.169.254'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['the metadata of one cloud', '100.100.100.200'],
    ['the machine service of another', '168.63.129.16'],
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['protocol assignments', '192.0.0.192'],
    ['benchmarks', '198.18.0.1'],
    ['documentation', '192.0.2.1'],
    ['kept for later', '240.0.0.1'],
    ['loopback', '[::1]'],
    ['unspecified', '[::]'],
    ['link-local', '[fe80::1]'],
    ['unique-local', '[fc00::1]'],
    ['unique-local metadata', '[fd00:ec2::254]'],
    ['mapped IPv4', '[::ffff:127.0.0.1]'],
    ['mapped public IPv4', '[::ffff:8.8.8.8]'],
    ['compatible IPv4', '[::127.0.0.1]'],
    ['translated IPv4', '[64:ff9b::7f00:1]'],
    ['translated IPv4 of a site', '[64:ff9b:1::7f00:1]'],
    ['6to4', '[2002:7f00:1::]'],
    ['Teredo', '[2001::1]'],
    ['multicast', '[ff02::1]'],
    ['site-local', '[fec0::1]'],
    ['documentation', '[2001:db8::1]'],
  ])('no %s address is asked: %s', async (_, host) => {
    expect(await outcome(`https://${host}/`)).toBe('address-refused');
  });

  test('a name with one address that is not public is not asked, and one without any neither', async () => {
    expect(await outcome('https://mixed.test/')).toBe('address-refused');
    expect(await outcome('https://loopback.test/')).toBe('address-refused');
    expect(await outcome('https://nothing.test/')).toBe('name-unknown');
    expect(await outcome('https://unknown.test/')).toBe('name-unknown');
  });

  test.each([
    'http://public.test/',
    'http://127.0.0.1/',
    'ftp://public.test/',
    'file:///etc/passwd',
  ])('nothing but https is asked: %s', async (url) =>
    expect(await outcome(url)).toBe('scheme-refused'),
  );
});

describe('in a sandbox', () => {
  test.each(['http://127.0.0.1:4800/', 'http://[::1]:4800/', 'http://loopback.test/'])(
    'loopback is asked over http: %s',
    async (url) => expect(await outcome(url, true)).toBe('asked'),
  );

  test.each([
    'http://8.8.8.8/',
    'http://10.0.0.1/',
    'http://169.254.169.254/',
    'https://127.0.0.1/',
  ])('and nothing else is: %s', async (url) =>
    expect(await outcome(url, true)).toBe('address-refused'),
  );
});

test('a connection goes to the address that was checked, also when the name leads elsewhere by then', async () => {
  let leads = ['8.8.8.8'];
  const rules = { sandbox: false, resolve: async () => leads };
  const lookup = await checkedAddress(new URL('https://rebinds.test/'), rules);
  leads = ['127.0.0.1'];
  const found = await new Promise((done) => {
    lookup('rebinds.test', { all: true }, (_error, addresses) => done(addresses));
  });
  expect(found).toEqual([{ address: '8.8.8.8', family: 4 }]);
  const resolved = await new Promise((done) => {
    lookup('rebinds.test', {}, (_error, address, family) => done([address, family]));
  });
  expect(resolved).toEqual(['8.8.8.8', 4]);
});
