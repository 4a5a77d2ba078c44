import type { Outcome, Role } from '@recourse/protocol';
import { describe, expect, test } from 'vitest';
import { burdensCreator, judgeOutcome, type ReportedOutcome } from './outcome.rules.ts';

const toldAt = new Date('2026-03-01T12:00:00.500Z');
const after = (minutes: number): Date => new Date(toldAt.getTime() + minutes * 60_000);
const reported = (outcome: Outcome, over: Partial<ReportedOutcome> = {}): ReportedOutcome => ({
  outcome,
  reviewedAt: after(10),
  noticeSentAt: after(11),
  ...over,
});
const judge = (
  report: ReportedOutcome,
  over: { stands?: Outcome; role?: Role; now?: Date; advice?: 'verify-identity' } = {},
): ReturnType<typeof judgeOutcome> =>
  judgeOutcome({ toldAt, outcome: over.stands ?? null, advice: over.advice ?? 'review' }, report, {
    role: over.role ?? 'trust',
    now: over.now ?? after(60),
  });

const burdens = ['refused', 'admitted-with-safeguards'] as const;

describe.each(burdens)('%s', (outcome) => {
  test('is recorded after a review and a notice', () => {
    expect(judge(reported(outcome))).toEqual({ kind: 'record' });
  });

  test('needs a trust key', () => {
    expect(judge(reported(outcome), { role: 'service' })).toMatchObject({
      code: 'role-not-allowed',
    });
  });

  test('needs notice to the creator', () => {
    const report = reported(outcome, { noticeSentAt: null });
    expect(judge(report)).toMatchObject({ code: 'notice-required' });
  });

  test.each([
    ['no review', { reviewedAt: null }, 'reviewedAt', 'required'],
    [
      'a review sooner than 10 min',
      { reviewedAt: new Date(after(10).getTime() - 1) },
      'reviewedAt',
      'too-early',
    ],
    ['a review in the future', { reviewedAt: after(61) }, 'reviewedAt', 'in-the-future'],
    ['a notice before the match', { noticeSentAt: after(-1) }, 'noticeSentAt', 'too-early'],
    ['a notice in the future', { noticeSentAt: after(61) }, 'noticeSentAt', 'in-the-future'],
  ] as const)('not with %s', (_, over, ...[member, issue]) => {
    expect(judge(reported(outcome, over))).toEqual({
      kind: 'refused',
      code: 'invalid-input',
      member,
      issue,
    });
  });

  test.each([
    ['reviewed now', { reviewedAt: after(60), noticeSentAt: after(60) }],
    ['told with the match', { noticeSentAt: toldAt }],
  ])('%s is in time', (_, over) => {
    expect(judge(reported(outcome, over))).toEqual({ kind: 'record' });
  });
});

test('without a review answer nobody is refused, whoever reviewed and told them', () => {
  const advice = 'verify-identity';
  expect(judge(reported('refused'), { advice })).toMatchObject({
    code: 'invalid-input',
    member: 'outcome',
    issue: 'verify-identity-first',
  });
  for (const outcome of ['admitted', 'admitted-with-safeguards', 'pending'] as const) {
    expect(judge(reported(outcome), { advice })).toEqual({ kind: 'record' });
  }
});

describe('pending', () => {
  const report = reported('pending', { reviewedAt: null, noticeSentAt: null });
  const days = (n: number): Date => after(n * 24 * 60);

  test('is for at most 7 days', () => {
    expect(judge(report, { now: days(7), role: 'service' })).toEqual({ kind: 'record' });
    expect(judge(report, { now: days(7.001) })).toMatchObject({ code: 'state-conflict' });
  });

  test('gives way to a final outcome, later too', () => {
    const admitted = reported('admitted', { reviewedAt: null, noticeSentAt: null });
    const late = { stands: 'pending', now: days(40), role: 'service' } as const;
    expect(judge(admitted, late)).toEqual({ kind: 'record' });
  });
});

describe('a final outcome stands', () => {
  const finals = ['admitted', 'admitted-with-safeguards', 'refused'] as const;

  test.each(finals)('%s, repeated, changes nothing', (outcome) => {
    expect(judge(reported(outcome), { stands: outcome })).toEqual({ kind: 'stands' });
  });

  test.each(finals)('%s gives way to no other', (stands) => {
    for (const outcome of [...finals, 'pending'] as const) {
      if (outcome === stands) continue;
      expect(judge(reported(outcome), { stands })).toMatchObject({ code: 'state-conflict' });
    }
  });
});

test('what a creator has to bear is told apart, and a refused report is refused', () => {
  const all = ['pending', 'admitted', 'admitted-with-safeguards', 'refused'] as const;
  expect(all.filter(burdensCreator)).toEqual(burdens.toReversed());
  expect(judge(reported('refused'), { role: 'service' }).kind).toBe('refused');
});
