import type { Decision } from '@recourse/protocol';
import { expect, test } from 'vitest';
import { refuseDecision, type DecisionFacts } from './decision.ts';

const now = new Date('2026-06-03T10:00:00Z');
const at = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
const seconds = (days: number): number => at(days).getTime() / 1000;
const facts: DecisionFacts = {
  now,
  openedAt: at(-2),
  ended: false,
  evidenceConfirmed: true,
  gists: [{ dueAt: at(1), answered: true }],
  reason: 'fraud.scam',
  age: 'adult',
  expiresAt: at(300),
  incidentTo: at(-20),
  attached: [0, 2],
};
const code = (decision: Partial<Decision>, of: Partial<DecisionFacts> = {}): string =>
  refuseDecision(decision as Decision, { ...facts, ...of })?.issues?.[0]?.code ?? 'accepted';

test('a live record is upheld, amended, reversed or dismissed; an ended one upheld or found wrong', () => {
  expect(code({ outcome: 'upheld' })).toBe('accepted');
  expect(code({ outcome: 'dismissed' })).toBe('accepted');
  expect(code({ outcome: 'reversed', cause: 'error' })).toBe('accepted');
  expect(code({ outcome: 'amended', detach: [2] })).toBe('accepted');
  expect(code({ outcome: 'finding', cause: 'error' })).toBe('record-live');
  expect(code({ outcome: 'upheld' }, { ended: true })).toBe('accepted');
  expect(code({ outcome: 'finding', cause: 'error' }, { ended: true })).toBe('accepted');
  expect(code({ outcome: 'dismissed' }, { ended: true })).toBe('record-ended');
});

test('nothing is upheld on evidence of which the creator had no gist', () => {
  expect(code({ outcome: 'upheld' }, { gists: [] })).toBe('no-gist');
  const open = { dueAt: at(1), answered: false };
  expect(code({ outcome: 'amended', detach: [0] }, { gists: [open] })).toBe('gist-unanswered');
  expect(code({ outcome: 'upheld' }, { gists: [{ ...open, dueAt: now }] })).toBe('accepted');
});

test('what is reversed or dismissed needs neither evidence nor gist', () => {
  const none = { evidenceConfirmed: false, gists: [] };
  expect(code({ outcome: 'reversed', cause: 'insufficient-evidence' }, none)).toBe('accepted');
  expect(code({ outcome: 'dismissed' }, none)).toBe('accepted');
  expect(code({ outcome: 'upheld' }, none)).toBe('not-confirmed');
});

test('dismissed: within 5 d of opening, the working day after a weekend included', () => {
  // Opened on a Wednesday: due on the Monday after, at noon.
  const openedAt = new Date('2026-05-20T10:00:00Z');
  const decided = (when: string) =>
    code({ outcome: 'dismissed' }, { openedAt, now: new Date(when) });
  expect(decided('2026-05-25T10:00:00Z')).toBe('accepted');
  expect(decided('2026-05-25T12:00:01Z')).toBe('too-late');
});

test('an amendment lessens and shortens', () => {
  const amended = (of: Partial<Decision>, more: Partial<DecisionFacts> = {}) =>
    code({ outcome: 'amended', ...of }, more);
  expect(amended({ reason: 'network.fake-accounts' })).toBe('accepted');
  expect(amended({ reason: 'abuse.physical-harm' })).toBe('not-lesser');
  expect(amended({ reason: 'network.bulk-spam' })).toBe('beyond-reason');
  expect(amended({ reason: 'network.bulk-spam', exp: seconds(100) })).toBe('accepted');
  expect(amended({ exp: seconds(301) })).toBe('not-earlier');
  expect(amended({ exp: seconds(300) })).toBe('not-earlier');
  expect(amended({ exp: seconds(0) })).toBe('in-the-past');
  // A minor's record never outlives its kind, and some reasons are not for minors at all.
  const minor = { age: 'minor' } as const;
  expect(amended({ reason: 'network.fake-accounts', exp: seconds(1) }, minor)).toBe(
    'beyond-reason',
  );
});

test('a subject is detached, never all', () => {
  const detached = (...detach: number[]) => code({ outcome: 'amended', detach });
  expect(detached(0)).toBe('accepted');
  expect(detached(0, 2)).toBe('all-subjects');
  expect(detached(1)).toBe('no-such-subject');
  expect(detached(2, 2)).toBe('twice');
});
