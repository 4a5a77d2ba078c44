import type { OpInput } from '@recourse/protocol';
import { describe, expect, test } from 'vitest';
import { at, now, other } from '../../tests/sanctions-fixture.ts';
import { refuseNotice, type NoticeFacts } from './notice.rules.ts';

const facts: NoticeFacts = {
  now: at(now),
  standing: { state: 'held' },
  submittedAt: at(now - 3600),
  notifiedAt: null,
  subjects: [
    { position: 0, kind: 'domain' },
    { position: 3, kind: 'email' },
    { position: 5, kind: 'phone' },
  ],
};
const notice: OpInput<'sanctions.notify'> = {
  sanction: other,
  channel: 'email',
  language: 'nl',
  sentAt: now - 60,
  subjects: [3, 5],
};

const seen = (change: Partial<typeof notice>, about: Partial<NoticeFacts> = {}) => {
  const problem = refuseNotice({ ...notice, ...change }, { ...facts, ...about });
  return problem && [problem.code, problem.issues?.[0]?.code];
};

describe('notice', () => {
  test('is accepted when every email and phone was written to', () => {
    expect(seen({})).toBeUndefined();
    expect(seen({ subjects: [0, 3, 5] })).toBeUndefined();
  });

  test('covers every email and every phone among the subjects', () => {
    expect(seen({ subjects: [5] })).toEqual(['notice-required', 'email-not-written-to']);
    expect(seen({ subjects: [0, 3] })).toEqual(['notice-required', 'phone-not-written-to']);
  });

  test('names subjects that there are', () => {
    expect(seen({ subjects: [1, 3, 5] })).toEqual(['invalid-input', 'no-such-subject']);
  });

  test('was sent between the submission and now', () => {
    expect(seen({ sentAt: now + 121 })).toEqual(['invalid-input', 'in-the-future']);
    expect(seen({ sentAt: now + 120 })).toBeUndefined();
    expect(seen({ sentAt: now - 3600 - 120 })).toBeUndefined();
    expect(seen({ sentAt: now - 3600 - 121 })).toEqual(['invalid-input', 'before-submission']);
  });

  test('is told once, of a submitted record that has not ended', () => {
    const ended = { state: 'withdrawn', at: at(now) } as const;
    expect(seen({}, { notifiedAt: at(now) })).toEqual(['state-conflict', 'already-notified']);
    expect(seen({}, { submittedAt: null })).toEqual(['state-conflict', 'draft']);
    expect(seen({}, { standing: { state: 'withdrawn', ended } })).toEqual([
      'state-conflict',
      'ended',
    ]);
  });
});

test('a refused notice says where it is wrong', () => {
  const place = (change: Partial<typeof notice>, about: Partial<NoticeFacts> = {}) =>
    refuseNotice({ ...notice, ...change }, { ...facts, ...about })?.issues?.[0]?.path;
  expect(place({ sentAt: now + 121 })).toBe('sentAt');
  expect(place({ sentAt: now - 3600 - 121 })).toBe('sentAt');
  expect(place({ subjects: [1] })).toBe('subjects');
  expect(place({ subjects: [3] })).toBe('subjects');
  expect(place({}, { notifiedAt: at(now) })).toBe('sanction');
  expect(place({}, { submittedAt: null })).toBe('sanction');
  const ended = { state: 'withdrawn', at: at(now) } as const;
  expect(place({}, { standing: { state: 'withdrawn', ended } })).toBe('sanction');
});
