import { BlockList } from 'node:net';
import { describe, expect, test } from 'vitest';
import { sourceAddress } from './source-address.ts';

const trusted = new BlockList();
trusted.addSubnet('10.0.0.0', 8, 'ipv4');

const from = (remoteAddress: string, forwardedFor?: string): string =>
  sourceAddress({ remoteAddress, forwardedFor }, trusted);

describe('X-Forwarded-For', () => {
  test('is not believed from anybody', () => {
    expect(from('192.0.2.1', '198.51.100.7')).toBe('192.0.2.1');
  });

  test('of a trusted proxy names the client', () => {
    expect(from('10.0.0.1', '198.51.100.7')).toBe('198.51.100.7');
    expect(from('::ffff:10.0.0.1', '198.51.100.7, 10.0.0.9')).toBe('198.51.100.7');
  });

  test('that the client began itself does not give it another source', () => {
    expect(from('10.0.0.1', '203.0.113.5, 198.51.100.7')).toBe('198.51.100.7');
  });

  test.each(['', 'unknown', '198.51.100.7:80', '<script>', ',,,', '1'.repeat(5000)])(
    'without an address leaves the proxy: %j',
    (header) => {
      expect(from('10.0.0.1', header)).toBe('10.0.0.1');
    },
  );
});

test('IPv6 counts by its /64', () => {
  expect(from('2001:db8:1:2:3:4:5:6')).toBe(from('2001:0db8:1:2::1'));
  expect(from('2001:db8:1:2::1')).not.toBe(from('2001:db8:1:3::1'));
  expect(from('::1')).toBe('0:0:0:0::/64');
});
