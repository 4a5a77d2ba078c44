import { expect, test } from 'vitest';
import { hostsLine } from './database-hosts.ts';

const lost = { host: 'a:5432', code: 'CONNECTION_LOST' };
const dead = { host: 'b:5432', code: 'ECONNREFUSED' };
const standby = { host: 'c:5432', code: 'CONNECTION_READ_ONLY' };

test('the line names each host that failed, why, and where connections go', () => {
  expect(hostsLine({ failed: [lost, dead, standby] })).toBe(
    'a:5432 does not answer, b:5432 fails (ECONNREFUSED), c:5432 only reads: no host lets us in.',
  );
  expect(hostsLine({ failed: [lost], found: 'b:5432' })).toBe(
    'a:5432 does not answer: connections go to b:5432.',
  );
});

test('nothing is said of a standby before the primary, and nothing before the first connection', () => {
  expect(hostsLine({ failed: [standby], found: 'b:5432' })).toBeUndefined();
  expect(hostsLine({ failed: [] })).toBeUndefined();
});
