import { expect, test } from 'vitest';
import { MailLimit } from './mail-limit.ts';

function limit(addresses = 100) {
  const clock = { now: 0 };
  return { limit: new MailLimit({ anHour: 3, addresses }, () => clock.now), clock };
}

test('an address gets so many codes an hour, in whatever case it is written', () => {
  const { limit: mails, clock } = limit();
  const admitted = ['a@b', 'A@B', 'a@B', 'a@b'].map((address) => mails.admits(address));
  expect(admitted).toEqual([true, true, true, false]);
  expect(mails.admits('c@b')).toBe(true);
  clock.now = 3_600_001;
  expect(mails.admits('a@b')).toBe(true);
});

test('what stands behind a plus is the same mailbox', () => {
  const { limit: mails } = limit();
  const addresses = ['a@b', 'a+1@b', 'A+2+3@b', 'a+4@b'];
  expect(addresses.map((address) => mails.admits(address))).toEqual([true, true, true, false]);
  expect(mails.admits('+a@b')).toBe(true);
  expect(mails.admits('+c@b')).toBe(true);
});

test('memory is bounded', () => {
  const { limit: mails } = limit(2);
  for (let i = 0; i < 3; i++) mails.admits('a@b');
  expect(mails.admits('a@b')).toBe(false);
  mails.admits('c@b');
  mails.admits('d@b');
  expect(mails.admits('a@b')).toBe(true);
});
