import { describe, expect, test } from 'vitest';
import { at, now } from '../../../tests/sanctions-fixture.ts';
import {
  expiryOf,
  nextSmsDay,
  noticeDueAfter,
  noticeDueAfterBounce,
  refuseDelivery,
  refuseStated,
  smsBudget,
  type NoticedSubject,
  type NoticeFacts,
} from './notice.rules.ts';

const subject = (
  position: number,
  kind: NoticedSubject['kind'],
  over: Partial<NoticedSubject> = {},
): NoticedSubject => ({ position, kind, detached: false, ...over });

const facts: NoticeFacts = {
  now: at(now),
  standing: { state: 'held' },
  submittedAt: at(now - 3600),
  statedAt: null,
  subjects: [subject(0, 'domain'), subject(3, 'email'), subject(5, 'phone')],
  sends: () => true,
};
const ended = { state: 'withdrawn', at: at(now) } as const;
const seen = (problem: ReturnType<typeof refuseStated>) =>
  problem && [problem.code, problem.issues?.[0]?.path, problem.issues?.[0]?.code];

describe('a notice by the registry', () => {
  const asked = (positions: readonly (number | undefined)[], over: Partial<NoticeFacts> = {}) =>
    seen(refuseDelivery(positions, { ...facts, ...over }));

  test('goes to every email and every phone among the subjects, or to none', () => {
    expect(asked([3, 5])).toBeUndefined();
    expect(asked([5, 3])).toBeUndefined();
    expect(asked([5])).toEqual(['notice-required', 'addresses', 'email-not-written-to']);
    expect(asked([3])).toEqual(['notice-required', 'addresses', 'phone-not-written-to']);
  });

  test('goes to nobody else', () => {
    expect(asked([3, undefined])).toEqual(['invalid-input', 'addresses.1', 'other-identifier']);
    expect(asked([0, 3, 5])).toEqual(['invalid-input', 'addresses.0', 'other-identifier']);
    expect(asked([3, 3, 5])).toEqual(['invalid-input', 'addresses', 'duplicate']);
  });

  test('does not go to an identifier that an amendment took off the record', () => {
    const subjects = [subject(3, 'email'), subject(5, 'phone', { detached: true })];
    expect(asked([3], { subjects })).toBeUndefined();
    expect(asked([3, 5], { subjects })?.[2]).toBe('other-identifier');
  });

  test('waits for a mail server, and not for a gateway that is not there', () => {
    const sends = () => false;
    expect(asked([3, 5], { sends })).toBeUndefined();
    const subjects = [subject(5, 'phone')];
    expect(asked([5], { sends, subjects })).toEqual([
      'state-conflict',
      'addresses',
      'no-sms-gateway',
    ]);
    expect(asked([5], { subjects })).toBeUndefined();
  });

  test('is of a submitted record that has not ended', () => {
    expect(asked([3, 5], { submittedAt: null })?.[2]).toBe('draft');
    expect(asked([3, 5], { standing: { state: 'withdrawn', ended } })?.[2]).toBe('ended');
  });
});

describe('a notice that the platform states', () => {
  const stated = (over: Partial<NoticeFacts> = {}, sentAt = now - 60) =>
    seen(refuseStated({ sentAt }, { ...facts, subjects: [subject(0, 'domain')], ...over }));

  test('is allowed where the record has neither email nor phone', () => {
    expect(stated()).toBeUndefined();
    expect(stated({ subjects: [subject(0, 'account'), subject(1, 'iban')] })).toBeUndefined();
  });

  test.each([undefined, 'waiting', 'unsent'] as const)(
    'is refused where a message to an address is %s',
    (delivery) => {
      const subjects = [subject(0, 'domain'), subject(3, 'email', { delivery })];
      expect(stated({ subjects })).toEqual(['notice-required', 'sanction', 'email-not-written-to']);
    },
  );

  test('is allowed where each address refused the message, or it came back', () => {
    const subjects = [
      subject(3, 'email', { delivery: 'refused' }),
      subject(5, 'phone', { delivery: 'bounced' }),
    ];
    expect(stated({ subjects })).toBeUndefined();
    const one = [...subjects, subject(6, 'email')];
    expect(stated({ subjects: one })?.[2]).toBe('email-not-written-to');
  });

  test('is allowed where no gateway is configured, of a phone alone', () => {
    const sends = () => false;
    expect(stated({ subjects: [subject(5, 'phone')], sends })).toBeUndefined();
    expect(stated({ subjects: [subject(5, 'phone')] })?.[2]).toBe('phone-not-written-to');
    expect(stated({ subjects: [subject(3, 'email')], sends })?.[2]).toBe('email-not-written-to');
  });

  test('is allowed of a phone whose message was not sent, and of no email', () => {
    const unsent = (kind: 'phone' | 'email') =>
      stated({ subjects: [subject(0, kind, { delivery: 'unsent' })] })?.[2];
    expect([unsent('phone'), unsent('email')]).toEqual([undefined, 'email-not-written-to']);
  });

  test('is said once, and not of what a notice was delivered to', () => {
    const notified = ['state-conflict', 'sanction', 'already-notified'];
    expect(stated({ statedAt: at(now) })).toEqual(notified);
    const subjects = [subject(3, 'email', { delivery: 'taken' })];
    expect(stated({ subjects })).toEqual(notified);
  });

  test('went out between the submission and now', () => {
    expect(stated({}, now + 121)).toEqual(['invalid-input', 'sentAt', 'in-the-future']);
    expect(stated({}, now + 120)).toBeUndefined();
    expect(stated({}, now - 3600 - 120)).toBeUndefined();
    expect(stated({}, now - 3600 - 121)).toEqual(['invalid-input', 'sentAt', 'before-submission']);
  });

  test('is of a submitted record that has not ended', () => {
    expect(stated({ submittedAt: null })).toEqual(['state-conflict', 'sanction', 'draft']);
    expect(stated({ standing: { state: 'withdrawn', ended } })).toEqual([
      'state-conflict',
      'sanction',
      'ended',
    ]);
  });
});

test('text messages have a budget, of which a further number leaves one for each record', () => {
  const budget = (submitted: number, over = {}) =>
    smsBudget({ inProbation: false, submitted, isFurther: false, ...over });
  expect([budget(0), budget(10), budget(11), budget(500)]).toEqual([20, 20, 22, 1_000]);
  expect([500, 3].map((n) => budget(n, { inProbation: true }))).toEqual([20, 20]);
  expect([3, 20].map((n) => budget(n, { inProbation: true, isFurther: true }))).toEqual([17, 0]);
  expect(budget(30, { inProbation: true, isFurther: true })).toBe(0);
  expect(budget(500, { isFurther: true })).toBe(500);
  expect(nextSmsDay(new Date('2027-12-31T23:59:59Z'))).toEqual(new Date('2028-01-01T00:00:00Z'));
});

test('days on which the registry could not send count against nobody', () => {
  const wednesday = new Date('2027-03-03T09:00:00Z');
  const days = (n: number): Date => new Date(wednesday.getTime() + n * 86_400_000);
  // Asked on the last day: it is tried for 72 h, and 72 h are left after that.
  expect(noticeDueAfter({ dueAt: days(0), expiresAt: days(5) })).toEqual(
    new Date('2027-03-11T09:00:00Z'),
  );
  expect(noticeDueAfter({ dueAt: days(60), expiresAt: days(5) })).toEqual(days(60));
  expect(noticeDueAfterBounce({ dueAt: days(0), now: days(5) })).toEqual(
    new Date('2027-03-11T09:00:00Z'),
  );
});

test('an address is kept for 72 h at most, weekends included', () => {
  expect(expiryOf(new Date('2027-03-05T09:00:00Z'))).toEqual(new Date('2027-03-08T09:00:00Z'));
});
