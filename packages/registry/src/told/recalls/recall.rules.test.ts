import { recallActions, recallKinds, toNumericDate, type Outcome } from '@recourse/protocol';
import { describe, expect, test } from 'vitest';
import { refuseAcknowledgement, type AcknowledgedAction, type OwedRecall } from './recall.rules.ts';

const now = new Date('2026-03-10T12:00:00Z');
const hoursAgo = (hours: number): number => toNumericDate(now) - hours * 3_600;

const owed = (over: Partial<OwedRecall> = {}): OwedRecall => ({
  kind: 'undo',
  issuedAt: new Date('2026-03-10T00:00:00Z'),
  isAcknowledged: false,
  isSuperseded: false,
  reported: new Set(),
  ...over,
});
const judged = (
  recall: Partial<OwedRecall>,
  said: AcknowledgedAction,
  role: 'service' | 'trust' = 'trust',
): string => {
  const problem = refuseAcknowledgement(owed(recall), said, { role, now });
  return problem
    ? [problem.code, ...(problem.issues ?? []).map(({ path, code }) => `${path}/${code}`)].join(' ')
    : '';
};
const reported = (...outcomes: Outcome[]) => ({ reported: new Set(outcomes) });
const grounds = (reviewed: number, noticed: number) => ({
  reviewedAt: hoursAgo(reviewed),
  noticeSentAt: hoursAgo(noticed),
  matchWasOnlyGround: false as const,
});

test('an action that answers one kind answers no other', () => {
  const own = { undone: 'undo', paused: 'pause', corrected: 'correct' } as const;
  for (const [action, of] of Object.entries(own)) {
    for (const kind of recallKinds) {
      const expected = kind === of ? '' : 'invalid-input action/another-kind';
      expect(judged({ kind }, { action: action as keyof typeof own }, 'service')).toBe(expected);
    }
  }
});

test('lifting a refusal and keeping a measure are acts on a person: a trust key signs them', () => {
  for (const action of recallActions) {
    const code = judged(reported('refused'), { action }, 'service').split(' ')[0];
    const acts = action === 'refusal-lifted' || action === 'kept-on-own-grounds';
    expect(code === 'role-not-allowed').toBe(acts);
  }
});

test.each<[Outcome[], AcknowledgedAction['action'], string]>([
  [[], 'never-acted', ''],
  [['admitted', 'pending'], 'never-acted', ''],
  [['admitted', 'refused'], 'never-acted', 'state-conflict action/has-acted'],
  [['admitted-with-safeguards'], 'never-acted', 'state-conflict action/has-acted'],
  [['refused'], 'refusal-lifted', ''],
  [['admitted-with-safeguards'], 'refusal-lifted', 'state-conflict action/no-refusal'],
  [[], 'refusal-lifted', 'state-conflict action/no-refusal'],
])('after %j, %s is %s', (outcomes, action, expected) => {
  expect(judged(reported(...outcomes), { action })).toBe(expected);
});

describe('kept-on-own-grounds', () => {
  const action = 'kept-on-own-grounds';
  test.each([
    ['with a later review and notice of it', {}, grounds(11, 10), ''],
    ['in one second', {}, grounds(0, 0), ''],
    ['of a correction', { kind: 'correct' }, grounds(1, 1), ''],
    ['of a pause', { kind: 'pause' }, grounds(1, 1), 'action/another-kind'],
    ['without grounds', {}, undefined, 'ownGrounds/required'],
    ['by a review before the recall', {}, grounds(13, 1), 'ownGrounds.reviewedAt/too-early'],
    [
      'by a review of the instant of the recall',
      {},
      grounds(12, 1),
      'ownGrounds.reviewedAt/too-early',
    ],
    ['by a review to come', {}, grounds(-1, -1), 'ownGrounds.reviewedAt/in-the-future'],
    ['with a notice before the review', {}, grounds(1, 2), 'ownGrounds.noticeSentAt/too-early'],
    ['with a notice to come', {}, grounds(1, -1), 'ownGrounds.noticeSentAt/in-the-future'],
  ] as const)('%s', (...[, recall, ownGrounds, expected]) => {
    const said = ownGrounds ? { action, ownGrounds } : { action };
    expect(judged(recall, said as AcknowledgedAction)).toBe(
      expected && `invalid-input ${expected}`,
    );
  });

  test('grounds belong to no other action', () => {
    expect(judged({}, { action: 'undone', ownGrounds: grounds(1, 1) })).toBe(
      'invalid-input ownGrounds/of-another-action',
    );
  });
});

test('a recall is closed once, and a superseded one not at all', () => {
  expect(judged({ isAcknowledged: true }, { action: 'undone' })).toBe(
    'state-conflict recall/acknowledged',
  );
  expect(judged({ isSuperseded: true }, { action: 'undone' })).toBe(
    'state-conflict recall/superseded',
  );
});
