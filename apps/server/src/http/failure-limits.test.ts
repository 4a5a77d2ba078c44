import { expect, test } from 'vitest';
import { FailureLimits } from './failure-limits.ts';

const [member, other] = ['eyJtZW1iZXI', 'eyJvdGhlcg'];

function limits() {
  const clock = { at: 0 };
  const failures = new FailureLimits({ burst: 10, perSecond: 1, now: () => clock.at });
  const send = (source: string, key: string | undefined, isFailure: boolean): number => {
    const entry = failures.enter({ source, key });
    if (entry.waitSeconds === 0) entry.settle({ isFailure });
    return entry.waitSeconds;
  };
  const fail = (source: string, key?: string, times = 100): void => {
    for (let n = 0; n < times; n++) send(source, key, true);
  };
  return { clock, failures, send, fail };
}

test('a key that verified from this address passes beside the failures of others there', () => {
  const { send, fail, failures } = limits();
  send('a', member, false);
  fail('a');
  fail('a', other);
  expect(send('a', other, false)).toBeGreaterThan(0);
  expect(send('a', undefined, false)).toBeGreaterThan(0);
  expect(failures.waitSeconds('a')).toBe(0);
  for (let n = 0; n < 1000; n++) expect(send('a', member, false)).toBe(0);
});

test('an address from which no key verified is refused before anything is read', () => {
  const { fail, failures } = limits();
  fail('a', member);
  expect(failures.waitSeconds('a')).toBeGreaterThan(0);
  expect(failures.waitSeconds('b')).toBe(0);
});

test('a key passes from the address where it verified, and from no other', () => {
  const { send, fail } = limits();
  send('a', member, false);
  fail('b');
  expect(send('b', member, false)).toBeGreaterThan(0);
});

test('bad signatures under the name of a member do not shut it out while they are few, and are bounded', () => {
  const { send, fail } = limits();
  send('a', member, false);
  fail('a', member, 200);
  expect(send('a', member, false)).toBe(0);
  fail('a', member, 200);
  expect(send('a', member, false)).toBeGreaterThan(0);
  expect(send('a', undefined, false)).toBe(0);
});

test('a pass ends when the key was not heard of for ten minutes', () => {
  const { clock, send, fail } = limits();
  send('a', member, false);
  clock.at = 600_001;
  fail('a');
  expect(send('a', member, false)).toBeGreaterThan(0);
});

test('what waited for its answer while the bucket ran out cannot exceed it', () => {
  const { failures } = limits();
  const entries = Array.from({ length: 100 }, () => failures.enter({ source: 'a' }));
  for (const entry of entries.slice(0, 10)) entry.settle({ isFailure: true });
  expect(failures.enter({ source: 'a' }).waitSeconds).toBeGreaterThan(0);
});
